# SPDX-License-Identifier: GPL-3.0-or-later
# Types of the package; the compiled module can't show its own. tests/ compare this file with it (mypy stubtest).
import collections.abc
import datetime
import ipaddress
import os
import typing

import typing_extensions

__all__ = [
    "Type",
    "Cot",
    "Qoc",
    "Umc",
    "Init",
    "ConnectionState",
    "ResponseState",
    "CommandMode",
    "Qoi",
    "Rqt",
    "Frz",
    "Coi",
    "Step",
    "EventState",
    "Double",
    "TlsVersion",
    "TimeQuality",
    "TlsCipher",
    "Debug",
    "Quality",
    "BinaryCounterQuality",
    "StartEvents",
    "OutputCircuits",
    "PackedSingle",
    "UInt5",
    "UInt7",
    "UInt16",
    "Int7",
    "Int16",
    "NormalizedFloat",
    "Byte32",
    "ProtocolParameters",
    "TransportSecurity",
    "Client",
    "Server",
    "Connection",
    "ServerConnection",
    "Station",
    "Point",
    "Information",
    "SingleInfo",
    "SingleCmd",
    "DoubleInfo",
    "DoubleCmd",
    "StepInfo",
    "StepCmd",
    "BinaryInfo",
    "BinaryCmd",
    "NormalizedInfo",
    "NormalizedCmd",
    "ScaledInfo",
    "ScaledCmd",
    "ShortInfo",
    "ShortCmd",
    "BinaryCounterInfo",
    "ProtectionEventInfo",
    "ProtectionStartInfo",
    "ProtectionCircuitInfo",
    "StatusAndChanged",
    "IncomingMessage",
    "Batch",
    "PeerCertificate",
]

# Versions of this package, and of the two libraries that are built into it; `python -m c104 --version` prints all three.
__version__: str
__lib60870_version__: str
__mbedtls_version__: str

class _Pybind11Type(type): ...

_Network: typing_extensions.TypeAlias = (
    ipaddress.IPv4Address | ipaddress.IPv6Address | ipaddress.IPv4Network | ipaddress.IPv6Network
)

class _Counters(typing.TypedDict):
    apdus_received: dict[str, int]
    apdus_sent: dict[str, int]
    asdus_received: int
    asdus_received_by_type: dict[typing.SupportsIndex, int]
    asdus_sent: int
    asdus_sent_by_type: dict[typing.SupportsIndex, int]
    asdus_refused: int
    asdus_refused_by_reason: dict[str, int]
    octets_received: int
    octets_sent: int
    malformed_frames: int
    malformed_frames_by_reason: dict[str, int]
    overruns: int
    unsent: int
    unacknowledged: int
    send_queue: int
    send_queue_most: int
    receive_queue: int
    receive_queue_most: int
    timeouts: dict[str, int]
    round_trip_ms: float | None
    acknowledgement_ms: float | None

class _ConnectionCounters(_Counters):
    reconnects: int

class _ServerCounters(_Counters):
    nobody_listening: int
    log_full: int
    connections_refused: int
    connections_refused_by_reason: dict[str, int]

class Type(metaclass=_Pybind11Type):
    """TypeID of an ASDU (IEC 60870-5-101, 7.2.1.1)."""

    M_SP_NA_1: typing.ClassVar[Type]
    """Single-point information."""
    M_SP_TA_1: typing.ClassVar[Type]
    """Single-point information with CP24."""
    M_DP_NA_1: typing.ClassVar[Type]
    """Double-point information."""
    M_DP_TA_1: typing.ClassVar[Type]
    """Double-point information with CP24."""
    M_ST_NA_1: typing.ClassVar[Type]
    """Step position."""
    M_ST_TA_1: typing.ClassVar[Type]
    """Step position with CP24."""
    M_BO_NA_1: typing.ClassVar[Type]
    """Bitstring of 32 bits."""
    M_BO_TA_1: typing.ClassVar[Type]
    """Bitstring of 32 bits with CP24."""
    M_ME_NA_1: typing.ClassVar[Type]
    """Measured value, normalized."""
    M_ME_TA_1: typing.ClassVar[Type]
    """Measured value, normalized with CP24."""
    M_ME_NB_1: typing.ClassVar[Type]
    """Measured value, scaled."""
    M_ME_TB_1: typing.ClassVar[Type]
    """Measured value, scaled with CP24."""
    M_ME_NC_1: typing.ClassVar[Type]
    """Measured value, short floating point."""
    M_ME_TC_1: typing.ClassVar[Type]
    """Measured value, short floating point with CP24."""
    M_IT_NA_1: typing.ClassVar[Type]
    """Integrated totals."""
    M_IT_TA_1: typing.ClassVar[Type]
    """Integrated totals with CP24."""
    M_EP_TA_1: typing.ClassVar[Type]
    """Event of protection equipment with CP24."""
    M_EP_TB_1: typing.ClassVar[Type]
    """Packed start events of protection equipment with CP24."""
    M_EP_TC_1: typing.ClassVar[Type]
    """Packed output circuits of protection equipment with CP24."""
    M_PS_NA_1: typing.ClassVar[Type]
    """Packed single points with status change detection."""
    M_ME_ND_1: typing.ClassVar[Type]
    """Measured value, normalized without quality."""
    M_SP_TB_1: typing.ClassVar[Type]
    """Single-point information with CP56."""
    M_DP_TB_1: typing.ClassVar[Type]
    """Double-point information with CP56."""
    M_ST_TB_1: typing.ClassVar[Type]
    """Step position with CP56."""
    M_BO_TB_1: typing.ClassVar[Type]
    """Bitstring of 32 bits with CP56."""
    M_ME_TD_1: typing.ClassVar[Type]
    """Measured value, normalized with CP56."""
    M_ME_TE_1: typing.ClassVar[Type]
    """Measured value, scaled with CP56."""
    M_ME_TF_1: typing.ClassVar[Type]
    """Measured value, short floating point with CP56."""
    M_IT_TB_1: typing.ClassVar[Type]
    """Integrated totals with CP56."""
    M_EP_TD_1: typing.ClassVar[Type]
    """Event of protection equipment with CP56."""
    M_EP_TE_1: typing.ClassVar[Type]
    """Packed start events of protection equipment with CP56."""
    M_EP_TF_1: typing.ClassVar[Type]
    """Packed output circuits of protection equipment with CP56."""
    C_SC_NA_1: typing.ClassVar[Type]
    """Single command."""
    C_DC_NA_1: typing.ClassVar[Type]
    """Double command."""
    C_RC_NA_1: typing.ClassVar[Type]
    """Regulating step command."""
    C_SE_NA_1: typing.ClassVar[Type]
    """Set-point command, normalized."""
    C_SE_NB_1: typing.ClassVar[Type]
    """Set-point command, scaled."""
    C_SE_NC_1: typing.ClassVar[Type]
    """Set-point command, short floating point."""
    C_BO_NA_1: typing.ClassVar[Type]
    """Bitstring command of 32 bits."""
    C_SC_TA_1: typing.ClassVar[Type]
    """Single command with CP56."""
    C_DC_TA_1: typing.ClassVar[Type]
    """Double command with CP56."""
    C_RC_TA_1: typing.ClassVar[Type]
    """Regulating step command with CP56."""
    C_SE_TA_1: typing.ClassVar[Type]
    """Set-point command, normalized with CP56."""
    C_SE_TB_1: typing.ClassVar[Type]
    """Set-point command, scaled with CP56."""
    C_SE_TC_1: typing.ClassVar[Type]
    """Set-point command, short floating point with CP56."""
    C_BO_TA_1: typing.ClassVar[Type]
    """Bitstring command with CP56."""
    M_EI_NA_1: typing.ClassVar[Type]
    """End of initialization."""
    C_IC_NA_1: typing.ClassVar[Type]
    """Interrogation command."""
    C_CI_NA_1: typing.ClassVar[Type]
    """Counter interrogation command."""
    C_RD_NA_1: typing.ClassVar[Type]
    """Read command."""
    C_CS_NA_1: typing.ClassVar[Type]
    """Clock synchronization command."""
    C_TS_NA_1: typing.ClassVar[Type]
    """Test command."""
    C_RP_NA_1: typing.ClassVar[Type]
    """Reset process command."""
    C_CD_NA_1: typing.ClassVar[Type]
    """Delay acquisition command."""
    C_TS_TA_1: typing.ClassVar[Type]
    """Test command with CP56."""
    __members__: typing.ClassVar[dict[str, Type]]
    def __init__(self, value: int) -> None:
        """The member of this value, of those in __members__; one without a name, as a partner may send it, is called "???". Raises ValueError outside 0..255,
        TypeError for what is no int.
        """
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...
    def __int__(self) -> int: ...
    def __index__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

class Cot(metaclass=_Pybind11Type):
    """Cause of transmission (IEC 60870-5-101, 7.2.3)."""

    PERIODIC: typing.ClassVar[Cot]
    """Periodic, cyclic."""
    BACKGROUND_SCAN: typing.ClassVar[Cot]
    """Background scan."""
    SPONTANEOUS: typing.ClassVar[Cot]
    """Spontaneous: the value has changed."""
    INITIALIZED: typing.ClassVar[Cot]
    """End of initialisation."""
    REQUEST: typing.ClassVar[Cot]
    """Request or requested: a read command and its answer."""
    ACTIVATION: typing.ClassVar[Cot]
    """Activation: do it."""
    ACTIVATION_CON: typing.ClassVar[Cot]
    """Confirmation of an activation."""
    DEACTIVATION: typing.ClassVar[Cot]
    """Deactivation: do not do it."""
    DEACTIVATION_CON: typing.ClassVar[Cot]
    """Confirmation of a deactivation."""
    ACTIVATION_TERMINATION: typing.ClassVar[Cot]
    """End of what was activated."""
    RETURN_INFO_REMOTE: typing.ClassVar[Cot]
    """Return information caused by a remote command."""
    RETURN_INFO_LOCAL: typing.ClassVar[Cot]
    """Return information caused by a local command."""
    FILE_TRANSFER: typing.ClassVar[Cot]
    """File transfer."""
    AUTHENTICATION: typing.ClassVar[Cot]
    """Authentication."""
    MAINTENANCE_OF_AUTH_SESSION_KEY: typing.ClassVar[Cot]
    """Maintenance of the session key of an authentication."""
    MAINTENANCE_OF_USER_ROLE_AND_UPDATE_KEY: typing.ClassVar[Cot]
    """Maintenance of user role and update key."""
    INTERROGATED_BY_STATION: typing.ClassVar[Cot]
    """Answer to a station interrogation."""
    INTERROGATED_BY_GROUP_1: typing.ClassVar[Cot]
    """Answer to an interrogation of group 1."""
    INTERROGATED_BY_GROUP_2: typing.ClassVar[Cot]
    """Answer to an interrogation of group 2."""
    INTERROGATED_BY_GROUP_3: typing.ClassVar[Cot]
    """Answer to an interrogation of group 3."""
    INTERROGATED_BY_GROUP_4: typing.ClassVar[Cot]
    """Answer to an interrogation of group 4."""
    INTERROGATED_BY_GROUP_5: typing.ClassVar[Cot]
    """Answer to an interrogation of group 5."""
    INTERROGATED_BY_GROUP_6: typing.ClassVar[Cot]
    """Answer to an interrogation of group 6."""
    INTERROGATED_BY_GROUP_7: typing.ClassVar[Cot]
    """Answer to an interrogation of group 7."""
    INTERROGATED_BY_GROUP_8: typing.ClassVar[Cot]
    """Answer to an interrogation of group 8."""
    INTERROGATED_BY_GROUP_9: typing.ClassVar[Cot]
    """Answer to an interrogation of group 9."""
    INTERROGATED_BY_GROUP_10: typing.ClassVar[Cot]
    """Answer to an interrogation of group 10."""
    INTERROGATED_BY_GROUP_11: typing.ClassVar[Cot]
    """Answer to an interrogation of group 11."""
    INTERROGATED_BY_GROUP_12: typing.ClassVar[Cot]
    """Answer to an interrogation of group 12."""
    INTERROGATED_BY_GROUP_13: typing.ClassVar[Cot]
    """Answer to an interrogation of group 13."""
    INTERROGATED_BY_GROUP_14: typing.ClassVar[Cot]
    """Answer to an interrogation of group 14."""
    INTERROGATED_BY_GROUP_15: typing.ClassVar[Cot]
    """Answer to an interrogation of group 15."""
    INTERROGATED_BY_GROUP_16: typing.ClassVar[Cot]
    """Answer to an interrogation of group 16."""
    REQUESTED_BY_GENERAL_COUNTER: typing.ClassVar[Cot]
    """Answer to a general counter request."""
    REQUESTED_BY_GROUP_1_COUNTER: typing.ClassVar[Cot]
    """Answer to a request for counters of group 1."""
    REQUESTED_BY_GROUP_2_COUNTER: typing.ClassVar[Cot]
    """Answer to a request for counters of group 2."""
    REQUESTED_BY_GROUP_3_COUNTER: typing.ClassVar[Cot]
    """Answer to a request for counters of group 3."""
    REQUESTED_BY_GROUP_4_COUNTER: typing.ClassVar[Cot]
    """Answer to a request for counters of group 4."""
    UNKNOWN_TYPE_ID: typing.ClassVar[Cot]
    """Refused: unknown TypeID."""
    UNKNOWN_COT: typing.ClassVar[Cot]
    """Refused: unknown cause of transmission."""
    UNKNOWN_CA: typing.ClassVar[Cot]
    """Refused: unknown common address."""
    UNKNOWN_IOA: typing.ClassVar[Cot]
    """Refused: unknown information object address."""
    __members__: typing.ClassVar[dict[str, Cot]]
    def __init__(self, value: int) -> None:
        """The member of this value, of those in __members__; one without a name, as a partner may send it, is called "???". Raises ValueError outside 0..255,
        TypeError for what is no int.
        """
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...
    def __int__(self) -> int: ...
    def __index__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

class Qoc(metaclass=_Pybind11Type):
    """Qualifier of command: how long the output lasts (IEC 60870-5-101, 7.2.6.26)."""

    NONE: typing.ClassVar[Qoc]
    """No additional definition: the station decides."""
    SHORT_PULSE: typing.ClassVar[Qoc]
    """Short pulse, its length set in the station."""
    LONG_PULSE: typing.ClassVar[Qoc]
    """Long pulse, its length set in the station."""
    PERSISTENT: typing.ClassVar[Qoc]
    """Persistent output."""
    __members__: typing.ClassVar[dict[str, Qoc]]
    def __init__(self, value: int) -> None:
        """The member of this value, of those in __members__; one without a name is called "???". Not equal to its number. Arguments take 0..31. Raises ValueError outside 0..255,
        TypeError for what is no int.
        """
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...
    def __int__(self) -> int: ...
    def __index__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

class Umc(metaclass=_Pybind11Type):
    """Why a message was unexpected."""

    NO_ERROR_CAUSE: typing.ClassVar[Umc]
    """No error."""
    UNKNOWN_TYPE_ID: typing.ClassVar[Umc]
    """The TypeID is not known."""
    UNKNOWN_COT: typing.ClassVar[Umc]
    """The cause of transmission is not known."""
    UNKNOWN_CA: typing.ClassVar[Umc]
    """There is no station of this common address."""
    UNKNOWN_IOA: typing.ClassVar[Umc]
    """There is no point of this address."""
    INVALID_COT: typing.ClassVar[Umc]
    """The cause does not fit the TypeID."""
    INVALID_TYPE_ID: typing.ClassVar[Umc]
    """The TypeID does not fit here."""
    MISMATCHED_TYPE_ID: typing.ClassVar[Umc]
    """The point of this address has another TypeID."""
    UNIMPLEMENTED_GROUP: typing.ClassVar[Umc]
    """Interrogation of groups is not supported."""
    __members__: typing.ClassVar[dict[str, Umc]]
    def __init__(self, value: int) -> None:
        """The member of this value, of those in __members__; one without a name, as a partner may send it, is called "???". Raises ValueError outside 0..255,
        TypeError for what is no int.
        """
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...
    def __int__(self) -> int: ...
    def __index__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

class Init(metaclass=_Pybind11Type):
    """Commands that a client sends once data transfer is started."""

    ALL: typing.ClassVar[Init]
    """General interrogation and clock synchronisation."""
    INTERROGATION: typing.ClassVar[Init]
    """General interrogation alone."""
    CLOCK_SYNC: typing.ClassVar[Init]
    """Clock synchronisation alone."""
    NONE: typing.ClassVar[Init]
    """Nothing: data transfer is started without a command."""
    MUTED: typing.ClassVar[Init]
    """Data transfer is not started until unmute()."""
    __members__: typing.ClassVar[dict[str, Init]]
    def __init__(self, value: int) -> None:
        """The member of this value, of those in __members__; one without a name is called "???". Arguments take 0..4. Raises ValueError outside 0..255,
        TypeError for what is no int.
        """
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...
    def __int__(self) -> int: ...
    def __index__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

class ConnectionState(metaclass=_Pybind11Type):
    """State of a client's connection."""

    CLOSED: typing.ClassVar[ConnectionState]
    """Closed, and stays so."""
    CLOSED_AWAIT_OPEN: typing.ClassVar[ConnectionState]
    """Being opened."""
    CLOSED_AWAIT_RECONNECT: typing.ClassVar[ConnectionState]
    """Closed, to be opened again."""
    OPEN: typing.ClassVar[ConnectionState]
    """Open with data transfer."""
    OPEN_MUTED: typing.ClassVar[ConnectionState]
    """Open without data transfer."""
    OPEN_AWAIT_CLOSED: typing.ClassVar[ConnectionState]
    """Being closed."""
    __members__: typing.ClassVar[dict[str, ConnectionState]]
    def __init__(self, value: int) -> None:
        """The member of this value, of those in __members__; one without a name, as a partner may send it, is called "???". Raises ValueError outside 0..255,
        TypeError for what is no int.
        """
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...
    def __int__(self) -> int: ...
    def __index__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

class ResponseState(metaclass=_Pybind11Type):
    """Answer of a callback to a command."""

    FAILURE: typing.ClassVar[ResponseState]
    """Refused: a negative confirmation is sent."""
    SUCCESS: typing.ClassVar[ResponseState]
    """Accepted: a positive confirmation is sent."""
    NONE: typing.ClassVar[ResponseState]
    """No answer now: the program sends it itself by transmit()."""
    __members__: typing.ClassVar[dict[str, ResponseState]]
    def __init__(self, value: int) -> None:
        """The member of this value, of those in __members__; one without a name is called "???". Arguments take 0..2. Raises ValueError outside 0..255,
        TypeError for what is no int.
        """
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...
    def __int__(self) -> int: ...
    def __index__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

class CommandMode(metaclass=_Pybind11Type):
    """How a command point is commanded."""

    DIRECT: typing.ClassVar[CommandMode]
    """Execute at once."""
    SELECT_AND_EXECUTE: typing.ClassVar[CommandMode]
    """Select first, then execute."""
    __members__: typing.ClassVar[dict[str, CommandMode]]
    def __init__(self, value: int) -> None:
        """The member of this value, of those in __members__; one without a name is called "???". Arguments take 0..1. Raises ValueError outside 0..255,
        TypeError for what is no int.
        """
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...
    def __int__(self) -> int: ...
    def __index__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

class Qoi(metaclass=_Pybind11Type):
    """Qualifier of interrogation (IEC 60870-5-101, 7.2.6.22)."""

    STATION: typing.ClassVar[Qoi]
    """The whole station."""
    GROUP_1: typing.ClassVar[Qoi]
    """Group 1."""
    GROUP_2: typing.ClassVar[Qoi]
    """Group 2."""
    GROUP_3: typing.ClassVar[Qoi]
    """Group 3."""
    GROUP_4: typing.ClassVar[Qoi]
    """Group 4."""
    GROUP_5: typing.ClassVar[Qoi]
    """Group 5."""
    GROUP_6: typing.ClassVar[Qoi]
    """Group 6."""
    GROUP_7: typing.ClassVar[Qoi]
    """Group 7."""
    GROUP_8: typing.ClassVar[Qoi]
    """Group 8."""
    GROUP_9: typing.ClassVar[Qoi]
    """Group 9."""
    GROUP_10: typing.ClassVar[Qoi]
    """Group 10."""
    GROUP_11: typing.ClassVar[Qoi]
    """Group 11."""
    GROUP_12: typing.ClassVar[Qoi]
    """Group 12."""
    GROUP_13: typing.ClassVar[Qoi]
    """Group 13."""
    GROUP_14: typing.ClassVar[Qoi]
    """Group 14."""
    GROUP_15: typing.ClassVar[Qoi]
    """Group 15."""
    GROUP_16: typing.ClassVar[Qoi]
    """Group 16."""
    __members__: typing.ClassVar[dict[str, Qoi]]
    def __init__(self, value: int) -> None:
        """The member of this value, of those in __members__; one without a name, as a partner may send it, is called "???". Raises ValueError outside 0..255,
        TypeError for what is no int.
        """
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...
    def __int__(self) -> int: ...
    def __index__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

class Rqt(metaclass=_Pybind11Type):
    """Request of a counter interrogation (IEC 60870-5-101, 7.2.6.23)."""

    GENERAL: typing.ClassVar[Rqt]
    """All counters."""
    GROUP_1: typing.ClassVar[Rqt]
    """Counters of group 1."""
    GROUP_2: typing.ClassVar[Rqt]
    """Counters of group 2."""
    GROUP_3: typing.ClassVar[Rqt]
    """Counters of group 3."""
    GROUP_4: typing.ClassVar[Rqt]
    """Counters of group 4."""
    __members__: typing.ClassVar[dict[str, Rqt]]
    def __init__(self, value: int) -> None:
        """The member of this value, of those in __members__; one without a name is called "???". Not equal to its number. Arguments take 0..63. Raises ValueError outside 0..255,
        TypeError for what is no int.
        """
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...
    def __int__(self) -> int: ...
    def __index__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

class Frz(metaclass=_Pybind11Type):
    """Freeze or reset of counters (IEC 60870-5-101, 7.2.6.23)."""

    READ: typing.ClassVar[Frz]
    """Read, no freeze or reset."""
    FREEZE_WITHOUT_RESET: typing.ClassVar[Frz]
    """Freeze, and count on."""
    FREEZE_WITH_RESET: typing.ClassVar[Frz]
    """Freeze, and count from zero."""
    COUNTER_RESET: typing.ClassVar[Frz]
    """Reset to zero."""
    __members__: typing.ClassVar[dict[str, Frz]]
    def __init__(self, value: int) -> None:
        """The member of this value, of those in __members__; one without a name is called "???". Not equal to its number. Arguments take 0..3. Raises ValueError outside 0..255,
        TypeError for what is no int.
        """
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...
    def __int__(self) -> int: ...
    def __index__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

class Coi(metaclass=_Pybind11Type):
    """Cause of initialization (IEC 60870-5-101, 7.2.6.21)."""

    LOCAL_POWER_ON: typing.ClassVar[Coi]
    """Local power on."""
    LOCAL_MANUAL_RESET: typing.ClassVar[Coi]
    """Local manual reset."""
    REMOTE_RESET: typing.ClassVar[Coi]
    """Remote reset."""
    __members__: typing.ClassVar[dict[str, Coi]]
    def __init__(self, value: int) -> None:
        """The member of this value, of those in __members__; one without a name, as a partner may send it, is called "???". Not equal to its number. Raises ValueError outside 0..255,
        TypeError for what is no int.
        """
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...
    def __int__(self) -> int: ...
    def __index__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

class Step(metaclass=_Pybind11Type):
    """Regulating step command state (IEC 60870-5-101, 7.2.6.17)."""

    INVALID_0: typing.ClassVar[Step]
    """Not permitted."""
    LOWER: typing.ClassVar[Step]
    """Next step lower."""
    HIGHER: typing.ClassVar[Step]
    """Next step higher."""
    INVALID_3: typing.ClassVar[Step]
    """Not permitted."""
    __members__: typing.ClassVar[dict[str, Step]]
    def __init__(self, value: int) -> None:
        """The member of this value, of those in __members__; one without a name is called "???". Arguments take 0..3. Raises ValueError outside 0..255,
        TypeError for what is no int.
        """
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...
    def __int__(self) -> int: ...
    def __index__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

class EventState(metaclass=_Pybind11Type):
    """State of protection equipment (IEC 60870-5-101, 7.2.6.10)."""

    INTERMEDIATE: typing.ClassVar[EventState]
    """Indeterminate (0)."""
    OFF: typing.ClassVar[EventState]
    """Off."""
    ON: typing.ClassVar[EventState]
    """On."""
    INDETERMINATE: typing.ClassVar[EventState]
    """Indeterminate (3)."""
    __members__: typing.ClassVar[dict[str, EventState]]
    def __init__(self, value: int) -> None:
        """The member of this value, of those in __members__; one without a name is called "???". Arguments take 0..3. Raises ValueError outside 0..255,
        TypeError for what is no int.
        """
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...
    def __int__(self) -> int: ...
    def __index__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

class Double(metaclass=_Pybind11Type):
    """Double-point value (IEC 60870-5-101, 7.2.6.2)."""

    INTERMEDIATE: typing.ClassVar[Double]
    """Between the two ends, moving."""
    OFF: typing.ClassVar[Double]
    """Determined off."""
    ON: typing.ClassVar[Double]
    """Determined on."""
    INDETERMINATE: typing.ClassVar[Double]
    """Indeterminate or faulty."""
    __members__: typing.ClassVar[dict[str, Double]]
    def __init__(self, value: int) -> None:
        """The member of this value, of those in __members__; one without a name is called "???". Arguments take 0..3. Raises ValueError outside 0..255,
        TypeError for what is no int.
        """
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...
    def __int__(self) -> int: ...
    def __index__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

class TlsVersion(metaclass=_Pybind11Type):
    """Version of TLS."""

    NOT_SELECTED: typing.ClassVar[TlsVersion]
    """No limit of one's own: the default."""
    SSL_3_0: typing.ClassVar[TlsVersion]
    """SSL 3.0, not available."""
    TLS_1_0: typing.ClassVar[TlsVersion]
    """TLS 1.0, not available."""
    TLS_1_1: typing.ClassVar[TlsVersion]
    """TLS 1.1, not available."""
    TLS_1_2: typing.ClassVar[TlsVersion]
    """TLS 1.2."""
    TLS_1_3: typing.ClassVar[TlsVersion]
    """TLS 1.3."""
    __members__: typing.ClassVar[dict[str, TlsVersion]]
    def __init__(self, value: int) -> None:
        """The member of this value, of those in __members__; one without a name is called "???". Arguments take 0..7. Raises ValueError outside 0..255,
        TypeError for what is no int.
        """
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...
    def __int__(self) -> int: ...
    def __index__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

class TlsCipher(metaclass=_Pybind11Type):
    """TLS cipher suite, by its IANA number."""

    RSA_WITH_NULL_MD5: typing.ClassVar[TlsCipher]
    RSA_WITH_NULL_SHA: typing.ClassVar[TlsCipher]
    PSK_WITH_NULL_SHA: typing.ClassVar[TlsCipher]
    DHE_PSK_WITH_NULL_SHA: typing.ClassVar[TlsCipher]
    RSA_PSK_WITH_NULL_SHA: typing.ClassVar[TlsCipher]
    RSA_WITH_AES_128_CBC_SHA: typing.ClassVar[TlsCipher]
    DHE_RSA_WITH_AES_128_CBC_SHA: typing.ClassVar[TlsCipher]
    RSA_WITH_AES_256_CBC_SHA: typing.ClassVar[TlsCipher]
    DHE_RSA_WITH_AES_256_CBC_SHA: typing.ClassVar[TlsCipher]
    RSA_WITH_NULL_SHA256: typing.ClassVar[TlsCipher]
    RSA_WITH_AES_128_CBC_SHA256: typing.ClassVar[TlsCipher]
    RSA_WITH_AES_256_CBC_SHA256: typing.ClassVar[TlsCipher]
    RSA_WITH_CAMELLIA_128_CBC_SHA: typing.ClassVar[TlsCipher]
    DHE_RSA_WITH_CAMELLIA_128_CBC_SHA: typing.ClassVar[TlsCipher]
    DHE_RSA_WITH_AES_128_CBC_SHA256: typing.ClassVar[TlsCipher]
    DHE_RSA_WITH_AES_256_CBC_SHA256: typing.ClassVar[TlsCipher]
    RSA_WITH_CAMELLIA_256_CBC_SHA: typing.ClassVar[TlsCipher]
    DHE_RSA_WITH_CAMELLIA_256_CBC_SHA: typing.ClassVar[TlsCipher]
    PSK_WITH_AES_128_CBC_SHA: typing.ClassVar[TlsCipher]
    PSK_WITH_AES_256_CBC_SHA: typing.ClassVar[TlsCipher]
    DHE_PSK_WITH_AES_128_CBC_SHA: typing.ClassVar[TlsCipher]
    DHE_PSK_WITH_AES_256_CBC_SHA: typing.ClassVar[TlsCipher]
    RSA_PSK_WITH_AES_128_CBC_SHA: typing.ClassVar[TlsCipher]
    RSA_PSK_WITH_AES_256_CBC_SHA: typing.ClassVar[TlsCipher]
    RSA_WITH_AES_128_GCM_SHA256: typing.ClassVar[TlsCipher]
    RSA_WITH_AES_256_GCM_SHA384: typing.ClassVar[TlsCipher]
    DHE_RSA_WITH_AES_128_GCM_SHA256: typing.ClassVar[TlsCipher]
    DHE_RSA_WITH_AES_256_GCM_SHA384: typing.ClassVar[TlsCipher]
    PSK_WITH_AES_128_GCM_SHA256: typing.ClassVar[TlsCipher]
    PSK_WITH_AES_256_GCM_SHA384: typing.ClassVar[TlsCipher]
    DHE_PSK_WITH_AES_128_GCM_SHA256: typing.ClassVar[TlsCipher]
    DHE_PSK_WITH_AES_256_GCM_SHA384: typing.ClassVar[TlsCipher]
    RSA_PSK_WITH_AES_128_GCM_SHA256: typing.ClassVar[TlsCipher]
    RSA_PSK_WITH_AES_256_GCM_SHA384: typing.ClassVar[TlsCipher]
    PSK_WITH_AES_128_CBC_SHA256: typing.ClassVar[TlsCipher]
    PSK_WITH_AES_256_CBC_SHA384: typing.ClassVar[TlsCipher]
    PSK_WITH_NULL_SHA256: typing.ClassVar[TlsCipher]
    PSK_WITH_NULL_SHA384: typing.ClassVar[TlsCipher]
    DHE_PSK_WITH_AES_128_CBC_SHA256: typing.ClassVar[TlsCipher]
    DHE_PSK_WITH_AES_256_CBC_SHA384: typing.ClassVar[TlsCipher]
    DHE_PSK_WITH_NULL_SHA256: typing.ClassVar[TlsCipher]
    DHE_PSK_WITH_NULL_SHA384: typing.ClassVar[TlsCipher]
    RSA_PSK_WITH_AES_128_CBC_SHA256: typing.ClassVar[TlsCipher]
    RSA_PSK_WITH_AES_256_CBC_SHA384: typing.ClassVar[TlsCipher]
    RSA_PSK_WITH_NULL_SHA256: typing.ClassVar[TlsCipher]
    RSA_PSK_WITH_NULL_SHA384: typing.ClassVar[TlsCipher]
    RSA_WITH_CAMELLIA_128_CBC_SHA256: typing.ClassVar[TlsCipher]
    DHE_RSA_WITH_CAMELLIA_128_CBC_SHA256: typing.ClassVar[TlsCipher]
    RSA_WITH_CAMELLIA_256_CBC_SHA256: typing.ClassVar[TlsCipher]
    DHE_RSA_WITH_CAMELLIA_256_CBC_SHA256: typing.ClassVar[TlsCipher]
    ECDH_ECDSA_WITH_NULL_SHA: typing.ClassVar[TlsCipher]
    ECDH_ECDSA_WITH_AES_128_CBC_SHA: typing.ClassVar[TlsCipher]
    ECDH_ECDSA_WITH_AES_256_CBC_SHA: typing.ClassVar[TlsCipher]
    ECDHE_ECDSA_WITH_NULL_SHA: typing.ClassVar[TlsCipher]
    ECDHE_ECDSA_WITH_AES_128_CBC_SHA: typing.ClassVar[TlsCipher]
    ECDHE_ECDSA_WITH_AES_256_CBC_SHA: typing.ClassVar[TlsCipher]
    ECDH_RSA_WITH_NULL_SHA: typing.ClassVar[TlsCipher]
    ECDH_RSA_WITH_AES_128_CBC_SHA: typing.ClassVar[TlsCipher]
    ECDH_RSA_WITH_AES_256_CBC_SHA: typing.ClassVar[TlsCipher]
    ECDHE_RSA_WITH_NULL_SHA: typing.ClassVar[TlsCipher]
    ECDHE_RSA_WITH_AES_128_CBC_SHA: typing.ClassVar[TlsCipher]
    ECDHE_RSA_WITH_AES_256_CBC_SHA: typing.ClassVar[TlsCipher]
    ECDHE_ECDSA_WITH_AES_128_CBC_SHA256: typing.ClassVar[TlsCipher]
    ECDHE_ECDSA_WITH_AES_256_CBC_SHA384: typing.ClassVar[TlsCipher]
    ECDH_ECDSA_WITH_AES_128_CBC_SHA256: typing.ClassVar[TlsCipher]
    ECDH_ECDSA_WITH_AES_256_CBC_SHA384: typing.ClassVar[TlsCipher]
    ECDHE_RSA_WITH_AES_128_CBC_SHA256: typing.ClassVar[TlsCipher]
    ECDHE_RSA_WITH_AES_256_CBC_SHA384: typing.ClassVar[TlsCipher]
    ECDH_RSA_WITH_AES_128_CBC_SHA256: typing.ClassVar[TlsCipher]
    ECDH_RSA_WITH_AES_256_CBC_SHA384: typing.ClassVar[TlsCipher]
    ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: typing.ClassVar[TlsCipher]
    ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: typing.ClassVar[TlsCipher]
    ECDH_ECDSA_WITH_AES_128_GCM_SHA256: typing.ClassVar[TlsCipher]
    ECDH_ECDSA_WITH_AES_256_GCM_SHA384: typing.ClassVar[TlsCipher]
    ECDHE_RSA_WITH_AES_128_GCM_SHA256: typing.ClassVar[TlsCipher]
    ECDHE_RSA_WITH_AES_256_GCM_SHA384: typing.ClassVar[TlsCipher]
    ECDH_RSA_WITH_AES_128_GCM_SHA256: typing.ClassVar[TlsCipher]
    ECDH_RSA_WITH_AES_256_GCM_SHA384: typing.ClassVar[TlsCipher]
    ECDHE_PSK_WITH_AES_128_CBC_SHA: typing.ClassVar[TlsCipher]
    ECDHE_PSK_WITH_AES_256_CBC_SHA: typing.ClassVar[TlsCipher]
    ECDHE_PSK_WITH_AES_128_CBC_SHA256: typing.ClassVar[TlsCipher]
    ECDHE_PSK_WITH_AES_256_CBC_SHA384: typing.ClassVar[TlsCipher]
    ECDHE_PSK_WITH_NULL_SHA: typing.ClassVar[TlsCipher]
    ECDHE_PSK_WITH_NULL_SHA256: typing.ClassVar[TlsCipher]
    ECDHE_PSK_WITH_NULL_SHA384: typing.ClassVar[TlsCipher]
    RSA_WITH_ARIA_128_CBC_SHA256: typing.ClassVar[TlsCipher]
    RSA_WITH_ARIA_256_CBC_SHA384: typing.ClassVar[TlsCipher]
    DHE_RSA_WITH_ARIA_128_CBC_SHA256: typing.ClassVar[TlsCipher]
    DHE_RSA_WITH_ARIA_256_CBC_SHA384: typing.ClassVar[TlsCipher]
    ECDHE_ECDSA_WITH_ARIA_128_CBC_SHA256: typing.ClassVar[TlsCipher]
    ECDHE_ECDSA_WITH_ARIA_256_CBC_SHA384: typing.ClassVar[TlsCipher]
    ECDH_ECDSA_WITH_ARIA_128_CBC_SHA256: typing.ClassVar[TlsCipher]
    ECDH_ECDSA_WITH_ARIA_256_CBC_SHA384: typing.ClassVar[TlsCipher]
    ECDHE_RSA_WITH_ARIA_128_CBC_SHA256: typing.ClassVar[TlsCipher]
    ECDHE_RSA_WITH_ARIA_256_CBC_SHA384: typing.ClassVar[TlsCipher]
    ECDH_RSA_WITH_ARIA_128_CBC_SHA256: typing.ClassVar[TlsCipher]
    ECDH_RSA_WITH_ARIA_256_CBC_SHA384: typing.ClassVar[TlsCipher]
    RSA_WITH_ARIA_128_GCM_SHA256: typing.ClassVar[TlsCipher]
    RSA_WITH_ARIA_256_GCM_SHA384: typing.ClassVar[TlsCipher]
    DHE_RSA_WITH_ARIA_128_GCM_SHA256: typing.ClassVar[TlsCipher]
    DHE_RSA_WITH_ARIA_256_GCM_SHA384: typing.ClassVar[TlsCipher]
    ECDHE_ECDSA_WITH_ARIA_128_GCM_SHA256: typing.ClassVar[TlsCipher]
    ECDHE_ECDSA_WITH_ARIA_256_GCM_SHA384: typing.ClassVar[TlsCipher]
    ECDH_ECDSA_WITH_ARIA_128_GCM_SHA256: typing.ClassVar[TlsCipher]
    ECDH_ECDSA_WITH_ARIA_256_GCM_SHA384: typing.ClassVar[TlsCipher]
    ECDHE_RSA_WITH_ARIA_128_GCM_SHA256: typing.ClassVar[TlsCipher]
    ECDHE_RSA_WITH_ARIA_256_GCM_SHA384: typing.ClassVar[TlsCipher]
    ECDH_RSA_WITH_ARIA_128_GCM_SHA256: typing.ClassVar[TlsCipher]
    ECDH_RSA_WITH_ARIA_256_GCM_SHA384: typing.ClassVar[TlsCipher]
    PSK_WITH_ARIA_128_CBC_SHA256: typing.ClassVar[TlsCipher]
    PSK_WITH_ARIA_256_CBC_SHA384: typing.ClassVar[TlsCipher]
    DHE_PSK_WITH_ARIA_128_CBC_SHA256: typing.ClassVar[TlsCipher]
    DHE_PSK_WITH_ARIA_256_CBC_SHA384: typing.ClassVar[TlsCipher]
    RSA_PSK_WITH_ARIA_128_CBC_SHA256: typing.ClassVar[TlsCipher]
    RSA_PSK_WITH_ARIA_256_CBC_SHA384: typing.ClassVar[TlsCipher]
    PSK_WITH_ARIA_128_GCM_SHA256: typing.ClassVar[TlsCipher]
    PSK_WITH_ARIA_256_GCM_SHA384: typing.ClassVar[TlsCipher]
    DHE_PSK_WITH_ARIA_128_GCM_SHA256: typing.ClassVar[TlsCipher]
    DHE_PSK_WITH_ARIA_256_GCM_SHA384: typing.ClassVar[TlsCipher]
    RSA_PSK_WITH_ARIA_128_GCM_SHA256: typing.ClassVar[TlsCipher]
    RSA_PSK_WITH_ARIA_256_GCM_SHA384: typing.ClassVar[TlsCipher]
    ECDHE_PSK_WITH_ARIA_128_CBC_SHA256: typing.ClassVar[TlsCipher]
    ECDHE_PSK_WITH_ARIA_256_CBC_SHA384: typing.ClassVar[TlsCipher]
    ECDHE_ECDSA_WITH_CAMELLIA_128_CBC_SHA256: typing.ClassVar[TlsCipher]
    ECDHE_ECDSA_WITH_CAMELLIA_256_CBC_SHA384: typing.ClassVar[TlsCipher]
    ECDH_ECDSA_WITH_CAMELLIA_128_CBC_SHA256: typing.ClassVar[TlsCipher]
    ECDH_ECDSA_WITH_CAMELLIA_256_CBC_SHA384: typing.ClassVar[TlsCipher]
    ECDHE_RSA_WITH_CAMELLIA_128_CBC_SHA256: typing.ClassVar[TlsCipher]
    ECDHE_RSA_WITH_CAMELLIA_256_CBC_SHA384: typing.ClassVar[TlsCipher]
    ECDH_RSA_WITH_CAMELLIA_128_CBC_SHA256: typing.ClassVar[TlsCipher]
    ECDH_RSA_WITH_CAMELLIA_256_CBC_SHA384: typing.ClassVar[TlsCipher]
    RSA_WITH_CAMELLIA_128_GCM_SHA256: typing.ClassVar[TlsCipher]
    RSA_WITH_CAMELLIA_256_GCM_SHA384: typing.ClassVar[TlsCipher]
    DHE_RSA_WITH_CAMELLIA_128_GCM_SHA256: typing.ClassVar[TlsCipher]
    DHE_RSA_WITH_CAMELLIA_256_GCM_SHA384: typing.ClassVar[TlsCipher]
    ECDHE_ECDSA_WITH_CAMELLIA_128_GCM_SHA256: typing.ClassVar[TlsCipher]
    ECDHE_ECDSA_WITH_CAMELLIA_256_GCM_SHA384: typing.ClassVar[TlsCipher]
    ECDH_ECDSA_WITH_CAMELLIA_128_GCM_SHA256: typing.ClassVar[TlsCipher]
    ECDH_ECDSA_WITH_CAMELLIA_256_GCM_SHA384: typing.ClassVar[TlsCipher]
    ECDHE_RSA_WITH_CAMELLIA_128_GCM_SHA256: typing.ClassVar[TlsCipher]
    ECDHE_RSA_WITH_CAMELLIA_256_GCM_SHA384: typing.ClassVar[TlsCipher]
    ECDH_RSA_WITH_CAMELLIA_128_GCM_SHA256: typing.ClassVar[TlsCipher]
    ECDH_RSA_WITH_CAMELLIA_256_GCM_SHA384: typing.ClassVar[TlsCipher]
    PSK_WITH_CAMELLIA_128_GCM_SHA256: typing.ClassVar[TlsCipher]
    PSK_WITH_CAMELLIA_256_GCM_SHA384: typing.ClassVar[TlsCipher]
    DHE_PSK_WITH_CAMELLIA_128_GCM_SHA256: typing.ClassVar[TlsCipher]
    DHE_PSK_WITH_CAMELLIA_256_GCM_SHA384: typing.ClassVar[TlsCipher]
    RSA_PSK_WITH_CAMELLIA_128_GCM_SHA256: typing.ClassVar[TlsCipher]
    RSA_PSK_WITH_CAMELLIA_256_GCM_SHA384: typing.ClassVar[TlsCipher]
    PSK_WITH_CAMELLIA_128_CBC_SHA256: typing.ClassVar[TlsCipher]
    PSK_WITH_CAMELLIA_256_CBC_SHA384: typing.ClassVar[TlsCipher]
    DHE_PSK_WITH_CAMELLIA_128_CBC_SHA256: typing.ClassVar[TlsCipher]
    DHE_PSK_WITH_CAMELLIA_256_CBC_SHA384: typing.ClassVar[TlsCipher]
    RSA_PSK_WITH_CAMELLIA_128_CBC_SHA256: typing.ClassVar[TlsCipher]
    RSA_PSK_WITH_CAMELLIA_256_CBC_SHA384: typing.ClassVar[TlsCipher]
    ECDHE_PSK_WITH_CAMELLIA_128_CBC_SHA256: typing.ClassVar[TlsCipher]
    ECDHE_PSK_WITH_CAMELLIA_256_CBC_SHA384: typing.ClassVar[TlsCipher]
    RSA_WITH_AES_128_CCM: typing.ClassVar[TlsCipher]
    RSA_WITH_AES_256_CCM: typing.ClassVar[TlsCipher]
    DHE_RSA_WITH_AES_128_CCM: typing.ClassVar[TlsCipher]
    DHE_RSA_WITH_AES_256_CCM: typing.ClassVar[TlsCipher]
    RSA_WITH_AES_128_CCM_8: typing.ClassVar[TlsCipher]
    RSA_WITH_AES_256_CCM_8: typing.ClassVar[TlsCipher]
    DHE_RSA_WITH_AES_128_CCM_8: typing.ClassVar[TlsCipher]
    DHE_RSA_WITH_AES_256_CCM_8: typing.ClassVar[TlsCipher]
    PSK_WITH_AES_128_CCM: typing.ClassVar[TlsCipher]
    PSK_WITH_AES_256_CCM: typing.ClassVar[TlsCipher]
    DHE_PSK_WITH_AES_128_CCM: typing.ClassVar[TlsCipher]
    DHE_PSK_WITH_AES_256_CCM: typing.ClassVar[TlsCipher]
    PSK_WITH_AES_128_CCM_8: typing.ClassVar[TlsCipher]
    PSK_WITH_AES_256_CCM_8: typing.ClassVar[TlsCipher]
    DHE_PSK_WITH_AES_128_CCM_8: typing.ClassVar[TlsCipher]
    DHE_PSK_WITH_AES_256_CCM_8: typing.ClassVar[TlsCipher]
    ECDHE_ECDSA_WITH_AES_128_CCM: typing.ClassVar[TlsCipher]
    ECDHE_ECDSA_WITH_AES_256_CCM: typing.ClassVar[TlsCipher]
    ECDHE_ECDSA_WITH_AES_128_CCM_8: typing.ClassVar[TlsCipher]
    ECDHE_ECDSA_WITH_AES_256_CCM_8: typing.ClassVar[TlsCipher]
    ECJPAKE_WITH_AES_128_CCM_8: typing.ClassVar[TlsCipher]
    ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256: typing.ClassVar[TlsCipher]
    ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: typing.ClassVar[TlsCipher]
    DHE_RSA_WITH_CHACHA20_POLY1305_SHA256: typing.ClassVar[TlsCipher]
    PSK_WITH_CHACHA20_POLY1305_SHA256: typing.ClassVar[TlsCipher]
    ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256: typing.ClassVar[TlsCipher]
    DHE_PSK_WITH_CHACHA20_POLY1305_SHA256: typing.ClassVar[TlsCipher]
    RSA_PSK_WITH_CHACHA20_POLY1305_SHA256: typing.ClassVar[TlsCipher]
    TLS1_3_AES_128_GCM_SHA256: typing.ClassVar[TlsCipher]
    TLS1_3_AES_256_GCM_SHA384: typing.ClassVar[TlsCipher]
    TLS1_3_CHACHA20_POLY1305_SHA256: typing.ClassVar[TlsCipher]
    TLS1_3_AES_128_CCM_SHA256: typing.ClassVar[TlsCipher]
    TLS1_3_AES_128_CCM_8_SHA256: typing.ClassVar[TlsCipher]
    __members__: typing.ClassVar[dict[str, TlsCipher]]
    def __init__(self, value: int) -> None:
        """The member of this value, or one without a name. Raises ValueError outside 0..65535, TypeError for what is no int."""
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...
    def __int__(self) -> int: ...
    def __index__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

class Debug(metaclass=_Pybind11Type):
    """Parts of the module whose debug lines are wanted."""

    Server: typing.ClassVar[Debug]
    """What concerns servers."""
    Client: typing.ClassVar[Debug]
    """What concerns clients."""
    Connection: typing.ClassVar[Debug]
    """What concerns connections."""
    Station: typing.ClassVar[Debug]
    """What concerns stations."""
    Point: typing.ClassVar[Debug]
    """What concerns points."""
    Message: typing.ClassVar[Debug]
    """What concerns messages."""
    Callback: typing.ClassVar[Debug]
    """What concerns callbacks."""
    Gil: typing.ClassVar[Debug]
    """The lock of the interpreter."""
    All: typing.ClassVar[Debug]
    """All parts."""
    __members__: typing.ClassVar[dict[str, Debug]]
    @typing.overload
    def __init__(self) -> None:
        """No flag, or those whose bits are set in value; several have the name "???". Whether there are flags tell is_any() and its
        opposite, not bool(). Not equal to its number. Raises ValueError outside 0..255, TypeError for what is no int.
        """
    @typing.overload
    def __init__(self, value: int) -> None: ...
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...
    def __int__(self) -> int: ...
    def __index__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __and__(self, other: Debug, /) -> Debug: ...
    def __iand__(self, other: Debug, /) -> Debug: ...
    def __or__(self, other: Debug, /) -> Debug: ...
    def __ior__(self, other: Debug, /) -> Debug: ...
    def __xor__(self, other: Debug, /) -> Debug: ...
    def __ixor__(self, other: Debug, /) -> Debug: ...
    def __contains__(self, other: Debug, /) -> bool: ...
    def is_any(self) -> bool:
        """Whether at least one bit is set."""
    def is_none(self) -> bool:
        """Whether no bit is set."""

class Quality(metaclass=_Pybind11Type):
    """Quality descriptor QDS of a value (IEC 60870-5-101, 7.2.6.3 and 7.2.6.4)."""

    Overflow: typing.ClassVar[Quality]
    """The value is beyond its range (OV)."""
    ElapsedTimeInvalid: typing.ClassVar[Quality]
    """The elapsed time was not acquired rightly (EI)."""
    Blocked: typing.ClassVar[Quality]
    """The value is held as it was (BL)."""
    Substituted: typing.ClassVar[Quality]
    """The value was put in by hand or machine (SB)."""
    NonTopical: typing.ClassVar[Quality]
    """The value was not updated lately (NT)."""
    Invalid: typing.ClassVar[Quality]
    """The value must not be used (IV)."""
    __members__: typing.ClassVar[dict[str, Quality]]
    @typing.overload
    def __init__(self) -> None:
        """No flag, or those whose bits are set in value; several have the name "???". Whether there are flags tell is_any() and its
        opposite, not bool(). Not equal to its number. Raises ValueError outside 0..255, TypeError for what is no int.
        """
    @typing.overload
    def __init__(self, value: int) -> None: ...
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...
    def __int__(self) -> int: ...
    def __index__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __and__(self, other: Quality, /) -> Quality: ...
    def __iand__(self, other: Quality, /) -> Quality: ...
    def __or__(self, other: Quality, /) -> Quality: ...
    def __ior__(self, other: Quality, /) -> Quality: ...
    def __xor__(self, other: Quality, /) -> Quality: ...
    def __ixor__(self, other: Quality, /) -> Quality: ...
    def __contains__(self, other: Quality, /) -> bool: ...
    def is_any(self) -> bool:
        """Whether at least one bit is set."""
    def is_good(self) -> bool:
        """Whether no bit is set."""

class BinaryCounterQuality(metaclass=_Pybind11Type):
    """Quality of a counter (IEC 60870-5-101, 7.2.6.9)."""

    Adjusted: typing.ClassVar[BinaryCounterQuality]
    """The counter was adjusted since the last reading (CA)."""
    Carry: typing.ClassVar[BinaryCounterQuality]
    """The counter has overflowed since the last reading (CY)."""
    Invalid: typing.ClassVar[BinaryCounterQuality]
    """The reading must not be used (IV)."""
    __members__: typing.ClassVar[dict[str, BinaryCounterQuality]]
    @typing.overload
    def __init__(self) -> None:
        """No flag, or those whose bits are set in value; several have the name "???". Whether there are flags tell is_any() and its
        opposite, not bool(). Not equal to its number. Raises ValueError outside 0..255, TypeError for what is no int.
        """
    @typing.overload
    def __init__(self, value: int) -> None: ...
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...
    def __int__(self) -> int: ...
    def __index__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __and__(self, other: BinaryCounterQuality, /) -> BinaryCounterQuality: ...
    def __iand__(self, other: BinaryCounterQuality, /) -> BinaryCounterQuality: ...
    def __or__(self, other: BinaryCounterQuality, /) -> BinaryCounterQuality: ...
    def __ior__(self, other: BinaryCounterQuality, /) -> BinaryCounterQuality: ...
    def __xor__(self, other: BinaryCounterQuality, /) -> BinaryCounterQuality: ...
    def __ixor__(self, other: BinaryCounterQuality, /) -> BinaryCounterQuality: ...
    def __contains__(self, other: BinaryCounterQuality, /) -> bool: ...
    def is_any(self) -> bool:
        """Whether at least one bit is set."""
    def is_good(self) -> bool:
        """Whether no bit is set."""

class TimeQuality(metaclass=_Pybind11Type):
    """What a time tag says of itself (IEC 60870-5-101, 7.2.6.18)."""

    Invalid: typing.ClassVar[TimeQuality]
    """The time must not be used (IV)."""
    SummerTime: typing.ClassVar[TimeQuality]
    """The sender's clock is on summer time (SU); the time itself is UTC all the same."""
    Substituted: typing.ClassVar[TimeQuality]
    """The time was put in by an intermediate station (RES1)."""
    __members__: typing.ClassVar[dict[str, TimeQuality]]
    @typing.overload
    def __init__(self) -> None:
        """No flag, or those whose bits are set in value; several have the name "???". Whether there are flags tell is_any() and its
        opposite, not bool(). Not equal to its number. Raises ValueError outside 0..255, TypeError for what is no int.
        """
    @typing.overload
    def __init__(self, value: int) -> None: ...
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...
    def __int__(self) -> int: ...
    def __index__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __and__(self, other: TimeQuality, /) -> TimeQuality: ...
    def __iand__(self, other: TimeQuality, /) -> TimeQuality: ...
    def __or__(self, other: TimeQuality, /) -> TimeQuality: ...
    def __ior__(self, other: TimeQuality, /) -> TimeQuality: ...
    def __xor__(self, other: TimeQuality, /) -> TimeQuality: ...
    def __ixor__(self, other: TimeQuality, /) -> TimeQuality: ...
    def __contains__(self, other: TimeQuality, /) -> bool: ...
    def is_any(self) -> bool:
        """Whether at least one bit is set."""
    def is_good(self) -> bool:
        """Whether no bit is set."""

class StartEvents(metaclass=_Pybind11Type):
    """Start events of protection equipment (IEC 60870-5-101, 7.2.6.11)."""

    General: typing.ClassVar[StartEvents]
    """General start of operation (GS)."""
    PhaseL1: typing.ClassVar[StartEvents]
    """Start of phase L1 (SL1)."""
    PhaseL2: typing.ClassVar[StartEvents]
    """Start of phase L2 (SL2)."""
    PhaseL3: typing.ClassVar[StartEvents]
    """Start of phase L3 (SL3)."""
    InEarthCurrent: typing.ClassVar[StartEvents]
    """Start by earth current (SIE)."""
    ReverseDirection: typing.ClassVar[StartEvents]
    """Start in reverse direction (SRD)."""
    __members__: typing.ClassVar[dict[str, StartEvents]]
    @typing.overload
    def __init__(self) -> None:
        """No flag, or those whose bits are set in value; several have the name "???". Whether there are flags tell is_any() and its
        opposite, not bool(). Not equal to its number. Raises ValueError outside 0..255, TypeError for what is no int.
        """
    @typing.overload
    def __init__(self, value: int) -> None: ...
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...
    def __int__(self) -> int: ...
    def __index__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __and__(self, other: StartEvents, /) -> StartEvents: ...
    def __iand__(self, other: StartEvents, /) -> StartEvents: ...
    def __or__(self, other: StartEvents, /) -> StartEvents: ...
    def __ior__(self, other: StartEvents, /) -> StartEvents: ...
    def __xor__(self, other: StartEvents, /) -> StartEvents: ...
    def __ixor__(self, other: StartEvents, /) -> StartEvents: ...
    def __contains__(self, other: StartEvents, /) -> bool: ...
    def is_any(self) -> bool:
        """Whether at least one bit is set."""
    def is_none(self) -> bool:
        """Whether no bit is set."""

class OutputCircuits(metaclass=_Pybind11Type):
    """Output circuits of protection equipment (IEC 60870-5-101, 7.2.6.12)."""

    General: typing.ClassVar[OutputCircuits]
    """General command to the output circuit (GC)."""
    PhaseL1: typing.ClassVar[OutputCircuits]
    """Command to phase L1 (CL1)."""
    PhaseL2: typing.ClassVar[OutputCircuits]
    """Command to phase L2 (CL2)."""
    PhaseL3: typing.ClassVar[OutputCircuits]
    """Command to phase L3 (CL3)."""
    __members__: typing.ClassVar[dict[str, OutputCircuits]]
    @typing.overload
    def __init__(self) -> None:
        """No flag, or those whose bits are set in value; several have the name "???". Whether there are flags tell is_any() and its
        opposite, not bool(). Not equal to its number. Raises ValueError outside 0..255, TypeError for what is no int.
        """
    @typing.overload
    def __init__(self, value: int) -> None: ...
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...
    def __int__(self) -> int: ...
    def __index__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __and__(self, other: OutputCircuits, /) -> OutputCircuits: ...
    def __iand__(self, other: OutputCircuits, /) -> OutputCircuits: ...
    def __or__(self, other: OutputCircuits, /) -> OutputCircuits: ...
    def __ior__(self, other: OutputCircuits, /) -> OutputCircuits: ...
    def __xor__(self, other: OutputCircuits, /) -> OutputCircuits: ...
    def __ixor__(self, other: OutputCircuits, /) -> OutputCircuits: ...
    def __contains__(self, other: OutputCircuits, /) -> bool: ...
    def is_any(self) -> bool:
        """Whether at least one bit is set."""
    def is_none(self) -> bool:
        """Whether no bit is set."""

class PackedSingle(metaclass=_Pybind11Type):
    """Sixteen single points in one value (IEC 60870-5-101, 7.2.6.40)."""

    I0: typing.ClassVar[PackedSingle]
    """Single point 0 of the sixteen."""
    I1: typing.ClassVar[PackedSingle]
    """Single point 1 of the sixteen."""
    I2: typing.ClassVar[PackedSingle]
    """Single point 2 of the sixteen."""
    I3: typing.ClassVar[PackedSingle]
    """Single point 3 of the sixteen."""
    I4: typing.ClassVar[PackedSingle]
    """Single point 4 of the sixteen."""
    I5: typing.ClassVar[PackedSingle]
    """Single point 5 of the sixteen."""
    I6: typing.ClassVar[PackedSingle]
    """Single point 6 of the sixteen."""
    I7: typing.ClassVar[PackedSingle]
    """Single point 7 of the sixteen."""
    I8: typing.ClassVar[PackedSingle]
    """Single point 8 of the sixteen."""
    I9: typing.ClassVar[PackedSingle]
    """Single point 9 of the sixteen."""
    I10: typing.ClassVar[PackedSingle]
    """Single point 10 of the sixteen."""
    I11: typing.ClassVar[PackedSingle]
    """Single point 11 of the sixteen."""
    I12: typing.ClassVar[PackedSingle]
    """Single point 12 of the sixteen."""
    I13: typing.ClassVar[PackedSingle]
    """Single point 13 of the sixteen."""
    I14: typing.ClassVar[PackedSingle]
    """Single point 14 of the sixteen."""
    I15: typing.ClassVar[PackedSingle]
    """Single point 15 of the sixteen."""
    __members__: typing.ClassVar[dict[str, PackedSingle]]
    @typing.overload
    def __init__(self) -> None:
        """No flag, or those whose bits are set in value; several have the name "???". Whether there are flags tell is_any() and its
        opposite, not bool(). Not equal to its number. Raises ValueError outside 0..65535, TypeError for what is no int.
        """
    @typing.overload
    def __init__(self, value: int) -> None: ...
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...
    def __int__(self) -> int: ...
    def __index__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __and__(self, other: PackedSingle, /) -> PackedSingle: ...
    def __iand__(self, other: PackedSingle, /) -> PackedSingle: ...
    def __or__(self, other: PackedSingle, /) -> PackedSingle: ...
    def __ior__(self, other: PackedSingle, /) -> PackedSingle: ...
    def __xor__(self, other: PackedSingle, /) -> PackedSingle: ...
    def __ixor__(self, other: PackedSingle, /) -> PackedSingle: ...
    def __contains__(self, other: PackedSingle, /) -> bool: ...
    def is_any(self) -> bool:
        """Whether at least one bit is set."""
    def is_none(self) -> bool:
        """Whether no bit is set."""

class UInt5(metaclass=_Pybind11Type):
    """Whole number of five bits: 0..31, the sequence number of a counter.

    Arithmetic gives plain numbers, / cuts off the fraction; += and the like check the range. Two are equal only if they are the same
    object: compare int(number). Division by zero is a RuntimeError.

    >>> int(c104.UInt5(5))
    5
    """
    def __init__(self, value: int) -> None:
        """The number. Raises an error that is an IndexError and a ValueError out of range 0..31."""
    @property
    def min(self) -> int:
        """Smallest value of this type."""
    @property
    def max(self) -> int:
        """Largest value of this type."""
    def __add__(self, other: UInt5 | int, /) -> int: ...
    def __iadd__(self, other: UInt5 | int, /) -> UInt5: ...
    def __sub__(self, other: UInt5 | int, /) -> int: ...
    def __isub__(self, other: UInt5 | int, /) -> UInt5: ...
    def __mul__(self, other: UInt5 | int, /) -> int: ...
    def __imul__(self, other: UInt5 | int, /) -> UInt5: ...
    def __truediv__(self, other: UInt5 | int, /) -> int: ...
    def __itruediv__(self, other: UInt5 | int, /) -> UInt5: ...
    def __int__(self) -> int: ...
    def __float__(self) -> float: ...

class UInt7(metaclass=_Pybind11Type):
    """Whole number of seven bits: 0..127, the qualifier of a set-point command.

    Arithmetic gives plain numbers, / cuts off the fraction; += and the like check the range. Two are equal only if they are the same
    object: compare int(number). Division by zero is a RuntimeError.

    >>> int(c104.UInt7(5))
    5
    """
    def __init__(self, value: int) -> None:
        """The number. Raises an error that is an IndexError and a ValueError out of range 0..127."""
    @property
    def min(self) -> int:
        """Smallest value of this type."""
    @property
    def max(self) -> int:
        """Largest value of this type."""
    def __add__(self, other: UInt7 | int, /) -> int: ...
    def __iadd__(self, other: UInt7 | int, /) -> UInt7: ...
    def __sub__(self, other: UInt7 | int, /) -> int: ...
    def __isub__(self, other: UInt7 | int, /) -> UInt7: ...
    def __mul__(self, other: UInt7 | int, /) -> int: ...
    def __imul__(self, other: UInt7 | int, /) -> UInt7: ...
    def __truediv__(self, other: UInt7 | int, /) -> int: ...
    def __itruediv__(self, other: UInt7 | int, /) -> UInt7: ...
    def __int__(self) -> int: ...
    def __float__(self) -> float: ...

class UInt16(metaclass=_Pybind11Type):
    """Whole number of sixteen bits: 0..65535, a time in milliseconds.

    Arithmetic gives plain numbers, / cuts off the fraction; += and the like check the range. Two are equal only if they are the same
    object: compare int(number). Division by zero is a RuntimeError.

    >>> int(c104.UInt16(250))
    250
    """
    def __init__(self, value: int) -> None:
        """The number. Raises an error that is an IndexError and a ValueError out of range 0..65535."""
    @property
    def min(self) -> int:
        """Smallest value of this type."""
    @property
    def max(self) -> int:
        """Largest value of this type."""
    def __add__(self, other: UInt16 | int, /) -> int: ...
    def __iadd__(self, other: UInt16 | int, /) -> UInt16: ...
    def __sub__(self, other: UInt16 | int, /) -> int: ...
    def __isub__(self, other: UInt16 | int, /) -> UInt16: ...
    def __mul__(self, other: UInt16 | int, /) -> int: ...
    def __imul__(self, other: UInt16 | int, /) -> UInt16: ...
    def __truediv__(self, other: UInt16 | int, /) -> int: ...
    def __itruediv__(self, other: UInt16 | int, /) -> UInt16: ...
    def __int__(self) -> int: ...
    def __float__(self) -> float: ...

class Int7(metaclass=_Pybind11Type):
    """Whole number of seven bits: -64..63, a step position.

    Arithmetic gives plain numbers, / cuts off the fraction; += and the like check the range. Two are equal only if they are the same
    object: compare int(number). Division by zero is a RuntimeError.

    >>> int(c104.Int7(-5))
    -5
    """
    def __init__(self, value: int) -> None:
        """The number. Raises an error that is an IndexError and a ValueError out of range -64..63."""
    @property
    def min(self) -> int:
        """Smallest value of this type."""
    @property
    def max(self) -> int:
        """Largest value of this type."""
    def __add__(self, other: Int7 | int, /) -> int: ...
    def __iadd__(self, other: Int7 | int, /) -> Int7: ...
    def __sub__(self, other: Int7 | int, /) -> int: ...
    def __isub__(self, other: Int7 | int, /) -> Int7: ...
    def __mul__(self, other: Int7 | int, /) -> int: ...
    def __imul__(self, other: Int7 | int, /) -> Int7: ...
    def __truediv__(self, other: Int7 | int, /) -> int: ...
    def __itruediv__(self, other: Int7 | int, /) -> Int7: ...
    def __int__(self) -> int: ...
    def __float__(self) -> float: ...

class Int16(metaclass=_Pybind11Type):
    """Whole number of sixteen bits: -32768..32767, a scaled value.

    Arithmetic gives plain numbers, / cuts off the fraction; += and the like check the range. Two are equal only if they are the same
    object: compare int(number). Division by zero is a RuntimeError.

    >>> int(c104.Int16(-250))
    -250
    """
    def __init__(self, value: int) -> None:
        """The number. Raises an error that is an IndexError and a ValueError out of range -32768..32767."""
    @property
    def min(self) -> int:
        """Smallest value of this type."""
    @property
    def max(self) -> int:
        """Largest value of this type."""
    def __add__(self, other: Int16 | int, /) -> int: ...
    def __iadd__(self, other: Int16 | int, /) -> Int16: ...
    def __sub__(self, other: Int16 | int, /) -> int: ...
    def __isub__(self, other: Int16 | int, /) -> Int16: ...
    def __mul__(self, other: Int16 | int, /) -> int: ...
    def __imul__(self, other: Int16 | int, /) -> Int16: ...
    def __truediv__(self, other: Int16 | int, /) -> int: ...
    def __itruediv__(self, other: Int16 | int, /) -> Int16: ...
    def __int__(self) -> int: ...
    def __float__(self) -> float: ...

class NormalizedFloat(metaclass=_Pybind11Type):
    """Number from -1 to 1, a normalized value. On the wire it has a step of 2**-15.

    Arithmetic gives plain numbers; += and the like check the range. Two are equal only if they are the same
    object: compare float(number). Division by zero is a RuntimeError.

    >>> float(c104.NormalizedFloat(0.5))
    0.5
    """
    def __init__(self, value: float) -> None:
        """The number. Raises an error that is an IndexError and a ValueError out of range -1..1."""
    @property
    def min(self) -> float:
        """Smallest value of this type."""
    @property
    def max(self) -> float:
        """Largest value of this type."""
    def __add__(self, other: NormalizedFloat | float, /) -> float: ...
    def __iadd__(self, other: NormalizedFloat | float, /) -> NormalizedFloat: ...
    def __sub__(self, other: NormalizedFloat | float, /) -> float: ...
    def __isub__(self, other: NormalizedFloat | float, /) -> NormalizedFloat: ...
    def __mul__(self, other: NormalizedFloat | float, /) -> float: ...
    def __imul__(self, other: NormalizedFloat | float, /) -> NormalizedFloat: ...
    def __truediv__(self, other: NormalizedFloat | float, /) -> float: ...
    def __itruediv__(self, other: NormalizedFloat | float, /) -> NormalizedFloat: ...
    def __int__(self) -> int: ...
    def __float__(self) -> float: ...

class Byte32(metaclass=_Pybind11Type):
    """Thirty-two bits (IEC 60870-5-101, 7.2.6.13). Two of them are equal only if they are the same object: compare int(bits).

    >>> int(c104.Byte32(0x01020304)), bytes(c104.Byte32(0x01020304))
    (16909060, b'\\x04\\x03\\x02\\x01')
    """
    def __init__(self, value: bytes | int) -> None:
        """At most four bytes, least significant first, or the number 0..4294967295. Raises OverflowError for a negative number or
        more than four bytes, and an error that is a TypeError and a ValueError for a number beyond 32 bits.
        """
    def __bytes__(self) -> bytes: ...
    def __int__(self) -> int: ...

_Value: typing_extensions.TypeAlias = (
    bool
    | Double
    | Step
    | Int7
    | Int16
    | int
    | Byte32
    | NormalizedFloat
    | float
    | EventState
    | StartEvents
    | OutputCircuits
    | PackedSingle
    | None
)
_Quality: typing_extensions.TypeAlias = Quality | BinaryCounterQuality | None

class Information(metaclass=_Pybind11Type):
    """What all information classes have. Immutable."""
    def __init__(self, *args: typing.NoReturn, **kwargs: typing.NoReturn) -> None:
        """Not to be called: TypeError."""
    @property
    def value(self) -> _Value:
        """What the point's value is."""
    @property
    def quality(self) -> _Quality:
        """Quality, BinaryCounterQuality or None."""
    @property
    def processed_at(self) -> datetime.datetime:
        """When it was made or received here: naive local datetime."""
    @property
    def recorded_at(self) -> datetime.datetime | None:
        """Time tag (IEC 60870-5-101, 7.2.6.18): naive local datetime, or None."""
    @property
    def time_quality(self) -> TimeQuality:
        """Flags of the time tag: invalid, summer time, substituted."""
    def with_time_quality(self, quality: TimeQuality) -> typing_extensions.Self:
        """The same with other flags of the time tag. Raises TypeError for what is no TimeQuality.

        >>> point.info = c104.SingleInfo(on=True, recorded_at=at).with_time_quality(c104.TimeQuality.Invalid)
        """
    @property
    def is_readonly(self) -> bool:
        """Whether it was received: a point's value can't be changed through it."""

class SingleInfo(Information):
    """Single-point information (M_SP_NA_1, M_SP_TA_1, M_SP_TB_1; IEC 60870-5-101, 7.2.6.1)."""
    def __init__(self, on: bool, quality: Quality = Quality(), recorded_at: datetime.datetime | None = None) -> None:
        """on: the state. quality: IV, NT, SB, BL. recorded_at: time of the event, 2000 to 2099 in UTC, naive local or aware;
        None for none. Raises TypeError for another type, ValueError out of range.

        >>> info = c104.SingleInfo(on=True, quality=c104.Quality.NonTopical)
        """
    @property
    def on(self) -> bool:
        """The value, as `value` gives it."""
    @property
    def value(self) -> bool:
        """What the point's value is."""
    @property
    def quality(self) -> Quality:
        """Quality of the value."""

class SingleCmd(Information):
    """Single command (C_SC_NA_1, C_SC_TA_1; IEC 60870-5-101, 7.2.6.15)."""
    def __init__(self, on: bool, qualifier: Qoc = Qoc.NONE, recorded_at: datetime.datetime | None = None) -> None:
        """on: the state to command. qualifier: duration of the pulse, Qoc. recorded_at: time of the event, 2000 to 2099 in UTC,
        naive local or aware; None for none. Raises TypeError for another type, ValueError out of range.

        >>> info = c104.SingleCmd(on=True, qualifier=c104.Qoc.SHORT_PULSE)
        """
    @property
    def on(self) -> bool:
        """The value, as `value` gives it."""
    @property
    def qualifier(self) -> Qoc:
        """Qualifier of the command."""
    @property
    def value(self) -> bool:
        """What the point's value is."""
    @property
    def quality(self) -> None:
        """None: commands have no quality."""

class DoubleInfo(Information):
    """Double-point information (M_DP_NA_1, M_DP_TA_1, M_DP_TB_1; IEC 60870-5-101, 7.2.6.2)."""
    def __init__(self, state: Double, quality: Quality = Quality(), recorded_at: datetime.datetime | None = None) -> None:
        """state: Double. quality: IV, NT, SB, BL. recorded_at: time of the event, 2000 to 2099 in UTC, naive local or aware;
        None for none. Raises TypeError for another type, ValueError out of range.

        >>> info = c104.DoubleInfo(state=c104.Double.ON)
        """
    @property
    def state(self) -> Double:
        """The value, as `value` gives it."""
    @property
    def value(self) -> Double:
        """What the point's value is."""
    @property
    def quality(self) -> Quality:
        """Quality of the value."""

class DoubleCmd(Information):
    """Double command (C_DC_NA_1, C_DC_TA_1; IEC 60870-5-101, 7.2.6.16)."""
    def __init__(self, state: Double, qualifier: Qoc = Qoc.NONE, recorded_at: datetime.datetime | None = None) -> None:
        """state: OFF or ON; INTERMEDIATE and INDETERMINATE are not permitted as commands. qualifier: duration of the pulse, Qoc.
        recorded_at: time of the event, 2000 to 2099 in UTC, naive local or aware; None for none. Raises TypeError for another type,
        ValueError out of range.

        >>> info = c104.DoubleCmd(state=c104.Double.ON, qualifier=c104.Qoc.LONG_PULSE)
        """
    @property
    def state(self) -> Double:
        """The value, as `value` gives it."""
    @property
    def qualifier(self) -> Qoc:
        """Qualifier of the command."""
    @property
    def value(self) -> Double:
        """What the point's value is."""
    @property
    def quality(self) -> None:
        """None: commands have no quality."""

class StepInfo(Information):
    """Step position with transient state (IEC 60870-5-101, 7.2.6.5)."""
    @typing.overload
    def __init__(
        self, state: Int7, transient: bool = False, quality: Quality = Quality(), recorded_at: datetime.datetime | None = None
    ) -> None:
        """position: Int7, -64..63; 2.2 calls it state. transient: the equipment is moving. quality: IV, NT, SB, BL, OV. recorded_at: time
        of the event, 2000 to 2099 in UTC, naive local or aware; None for none. Raises TypeError for another type, ValueError
        out of range.

        >>> info = c104.StepInfo(position=c104.Int7(5), transient=True)
        """
    @typing.overload
    def __init__(
        self,
        position: Int7,
        transient: bool = False,
        quality: Quality = Quality(),
        recorded_at: datetime.datetime | None = None,
    ) -> None: ...
    @property
    def position(self) -> Int7:
        """The position, -64..63."""
    @property
    def transient(self) -> bool:
        """Whether the equipment is moving."""
    @property
    def value(self) -> Int7:
        """What the point's value is."""
    @property
    def quality(self) -> Quality:
        """Quality of the value."""

class StepCmd(Information):
    """Regulating step command (IEC 60870-5-101, 7.2.6.17)."""
    def __init__(self, direction: Step, qualifier: Qoc = Qoc.NONE, recorded_at: datetime.datetime | None = None) -> None:
        """direction: LOWER or HIGHER; the others are not permitted. qualifier: duration of the pulse, Qoc. recorded_at: time of
        the event, 2000 to 2099 in UTC, naive local or aware; None for none. Raises TypeError for another type, ValueError out
        of range.

        >>> info = c104.StepCmd(direction=c104.Step.HIGHER)
        """
    @property
    def direction(self) -> Step:
        """The value, as `value` gives it."""
    @property
    def qualifier(self) -> Qoc:
        """Qualifier of the command."""
    @property
    def value(self) -> Step:
        """What the point's value is."""
    @property
    def quality(self) -> None:
        """None: commands have no quality."""

class BinaryInfo(Information):
    """Bitstring of 32 bits (IEC 60870-5-101, 7.2.6.13)."""
    def __init__(self, blob: Byte32, quality: Quality = Quality(), recorded_at: datetime.datetime | None = None) -> None:
        """blob: Byte32. quality: IV, NT, SB, BL, OV. recorded_at: time of the event, 2000 to 2099 in UTC, naive local or aware; None for
        none. Raises TypeError for another type, ValueError out of range.

        >>> info = c104.BinaryInfo(blob=c104.Byte32(0x0000FFFF))
        """
    @property
    def blob(self) -> Byte32:
        """The value, as `value` gives it."""
    @property
    def value(self) -> Byte32:
        """What the point's value is."""
    @property
    def quality(self) -> Quality:
        """Quality of the value."""

class BinaryCmd(Information):
    """Bitstring command of 32 bits (C_BO_NA_1, C_BO_TA_1): direct only, it has no select (IEC 60870-5-101, 7.2.6.13)."""
    def __init__(self, blob: Byte32, recorded_at: datetime.datetime | None = None) -> None:
        """blob: Byte32. recorded_at: time of the event, 2000 to 2099 in UTC, naive local or aware; None for none. Raises
        TypeError for another type, ValueError out of range.

        >>> info = c104.BinaryCmd(blob=c104.Byte32(5))
        """
    @property
    def blob(self) -> Byte32:
        """The bits, as `value` gives them."""
    @property
    def value(self) -> Byte32:
        """What the point's value is."""
    @property
    def quality(self) -> None:
        """None: commands have no quality."""

class NormalizedInfo(Information):
    """Measured value, normalized (IEC 60870-5-101, 7.2.6.6)."""
    def __init__(
        self, actual: NormalizedFloat, quality: Quality = Quality(), recorded_at: datetime.datetime | None = None
    ) -> None:
        """actual: NormalizedFloat, -1..1 of the nominal value. quality: IV, NT, SB, BL, OV. recorded_at: time of the event, 2000 to 2099
        in UTC, naive local or aware; None for none. Raises TypeError for another type, ValueError out of range.

        >>> info = c104.NormalizedInfo(actual=c104.NormalizedFloat(0.5))
        """
    @property
    def actual(self) -> NormalizedFloat:
        """The value, as `value` gives it."""
    @property
    def value(self) -> NormalizedFloat:
        """What the point's value is."""
    @property
    def quality(self) -> Quality:
        """Quality of the value."""

class NormalizedCmd(Information):
    """Set-point command, normalized (IEC 60870-5-101, 7.2.6.6)."""
    def __init__(
        self, target: NormalizedFloat, qualifier: UInt7 = UInt7(0), recorded_at: datetime.datetime | None = None
    ) -> None:
        """target: NormalizedFloat, -1..1 of the nominal value. qualifier: QL, UInt7, 0 for the default. recorded_at: time of
        the event, 2000 to 2099 in UTC, naive local or aware; None for none. Raises TypeError for another type, ValueError out
        of range.

        >>> info = c104.NormalizedCmd(target=c104.NormalizedFloat(0.5))
        """
    @property
    def target(self) -> NormalizedFloat:
        """The value, as `value` gives it."""
    @property
    def qualifier(self) -> UInt7:
        """Qualifier of the command."""
    @property
    def value(self) -> NormalizedFloat:
        """What the point's value is."""
    @property
    def quality(self) -> None:
        """None: commands have no quality."""

class ScaledInfo(Information):
    """Measured value, scaled (IEC 60870-5-101, 7.2.6.7)."""
    def __init__(self, actual: Int16, quality: Quality = Quality(), recorded_at: datetime.datetime | None = None) -> None:
        """actual: Int16, -32768..32767, in a unit that both sides know. quality: IV, NT, SB, BL, OV. recorded_at: time of the event, 2000
        to 2099 in UTC, naive local or aware; None for none. Raises TypeError for another type, ValueError out of range.

        >>> info = c104.ScaledInfo(actual=c104.Int16(2304))
        """
    @property
    def actual(self) -> Int16:
        """The value, as `value` gives it."""
    @property
    def value(self) -> Int16:
        """What the point's value is."""
    @property
    def quality(self) -> Quality:
        """Quality of the value."""

class ScaledCmd(Information):
    """Set-point command, scaled (IEC 60870-5-101, 7.2.6.7)."""
    def __init__(self, target: Int16, qualifier: UInt7 = UInt7(0), recorded_at: datetime.datetime | None = None) -> None:
        """target: Int16, -32768..32767, in a unit that both sides know. qualifier: QL, UInt7, 0 for the default. recorded_at:
        time of the event, 2000 to 2099 in UTC, naive local or aware; None for none. Raises TypeError for another type,
        ValueError out of range.

        >>> info = c104.ScaledCmd(target=c104.Int16(2304))
        """
    @property
    def target(self) -> Int16:
        """The value, as `value` gives it."""
    @property
    def qualifier(self) -> UInt7:
        """Qualifier of the command."""
    @property
    def value(self) -> Int16:
        """What the point's value is."""
    @property
    def quality(self) -> None:
        """None: commands have no quality."""

class ShortInfo(Information):
    """Measured value, short floating point number (IEC 60870-5-101, 7.2.6.8)."""
    def __init__(self, actual: float, quality: Quality = Quality(), recorded_at: datetime.datetime | None = None) -> None:
        """actual: float; finite ones within 3.4028235e38, to about seven digits. quality: IV, NT, SB, BL, OV. recorded_at: time of the
        event, 2000 to 2099 in UTC, naive local or aware; None for none. Raises TypeError for another type, ValueError out of
        range.

        >>> info = c104.ShortInfo(actual=12.5, quality=c104.Quality.Invalid)
        """
    @property
    def actual(self) -> float:
        """The value, as `value` gives it."""
    @property
    def value(self) -> float:
        """What the point's value is."""
    @property
    def quality(self) -> Quality:
        """Quality of the value."""

class ShortCmd(Information):
    """Set-point command, short floating point number (IEC 60870-5-101, 7.2.6.8)."""
    def __init__(self, target: float, qualifier: UInt7 = UInt7(0), recorded_at: datetime.datetime | None = None) -> None:
        """target: float; finite ones within 3.4028235e38, to about seven digits. qualifier: QL, UInt7, 0 for the default.
        recorded_at: time of the event, 2000 to 2099 in UTC, naive local or aware; None for none. Raises TypeError for another
        type, ValueError out of range.

        >>> info = c104.ShortCmd(target=12.5)
        """
    @property
    def target(self) -> float:
        """The value, as `value` gives it."""
    @property
    def qualifier(self) -> UInt7:
        """Qualifier of the command."""
    @property
    def value(self) -> float:
        """What the point's value is."""
    @property
    def quality(self) -> None:
        """None: commands have no quality."""

class BinaryCounterInfo(Information):
    """Integrated total: a counter reading (IEC 60870-5-101, 7.2.6.9)."""
    def __init__(
        self,
        counter: int,
        sequence: UInt5,
        quality: BinaryCounterQuality = BinaryCounterQuality(),
        recorded_at: datetime.datetime | None = None,
    ) -> None:
        """counter: -2147483648..2147483647. sequence: number of the reading, UInt5, 0..31. quality: CA, CY, IV. recorded_at:
        time of the event, 2000 to 2099 in UTC, naive local or aware; None for none. Raises TypeError for another type,
        ValueError out of range.

        >>> info = c104.BinaryCounterInfo(counter=1200, sequence=c104.UInt5(3))
        """
    @property
    def counter(self) -> int:
        """The reading, 32 bits with sign."""
    @property
    def sequence(self) -> UInt5:
        """Sequence number of the reading, 0..31."""
    @property
    def value(self) -> int:
        """What the point's value is."""
    @property
    def quality(self) -> BinaryCounterQuality:
        """Quality of the value."""

class ProtectionEventInfo(Information):
    """Event of protection equipment (IEC 60870-5-101, 7.2.6.10)."""
    def __init__(
        self,
        state: EventState,
        elapsed_ms: UInt16 = UInt16(0),
        quality: Quality = Quality(),
        recorded_at: datetime.datetime | None = None,
    ) -> None:
        """state: EventState. elapsed_ms: how long it took, UInt16, 0..59999 ms. quality: EI, IV, NT, SB, BL. recorded_at: time
        of the event, 2000 to 2099 in UTC, naive local or aware; None for none. Raises TypeError for another type, ValueError
        out of range.

        >>> info = c104.ProtectionEventInfo(state=c104.EventState.ON, elapsed_ms=c104.UInt16(80))
        """
    @property
    def state(self) -> EventState:
        """The value, as `value` gives it."""
    @property
    def elapsed_ms(self) -> UInt16:
        """Milliseconds, 0..65535."""
    @property
    def value(self) -> EventState:
        """What the point's value is."""
    @property
    def quality(self) -> Quality:
        """Quality of the value."""

class ProtectionStartInfo(Information):
    """Packed start events of protection equipment (IEC 60870-5-101, 7.2.6.11)."""
    def __init__(
        self,
        events: StartEvents,
        relay_duration_ms: UInt16 = UInt16(0),
        quality: Quality = Quality(),
        recorded_at: datetime.datetime | None = None,
    ) -> None:
        """events: StartEvents. relay_duration_ms: how long they lasted, UInt16, 0..59999 ms. quality: EI, IV, NT, SB, BL.
        recorded_at: time of the event, 2000 to 2099 in UTC, naive local or aware; None for none. Raises TypeError for another
        type, ValueError out of range.

        >>> info = c104.ProtectionStartInfo(events=c104.StartEvents.General | c104.StartEvents.PhaseL1)
        """
    @property
    def events(self) -> StartEvents:
        """The value, as `value` gives it."""
    @property
    def relay_duration_ms(self) -> UInt16:
        """Milliseconds, 0..65535."""
    @property
    def value(self) -> StartEvents:
        """What the point's value is."""
    @property
    def quality(self) -> Quality:
        """Quality of the value."""

class ProtectionCircuitInfo(Information):
    """Packed output circuit information of protection equipment (IEC 60870-5-101, 7.2.6.12)."""
    @typing.overload
    def __init__(
        self,
        circuits: OutputCircuits,
        relay_operating_ms: UInt16 = UInt16(0),
        quality: Quality = Quality(),
        recorded_at: datetime.datetime | None = None,
    ) -> None:
        """circuits: OutputCircuits. relay_operating_ms: time until they operated, UInt16, 0..59999 ms. quality: EI, IV, NT, SB,
        BL. 2.2 calls them events and relay_duration_ms. recorded_at: time of the event, 2000 to 2099 in UTC, naive local or
        aware; None for none. Raises TypeError for another type, ValueError out of range.

        >>> info = c104.ProtectionCircuitInfo(circuits=c104.OutputCircuits.General, relay_operating_ms=c104.UInt16(40))
        """
    @typing.overload
    def __init__(
        self,
        events: OutputCircuits,
        relay_duration_ms: UInt16 = UInt16(0),
        quality: Quality = Quality(),
        recorded_at: datetime.datetime | None = None,
    ) -> None: ...
    @property
    def circuits(self) -> OutputCircuits:
        """The value, as `value` gives it."""
    @property
    def relay_operating_ms(self) -> UInt16:
        """Milliseconds, 0..65535."""
    @property
    def value(self) -> OutputCircuits:
        """What the point's value is."""
    @property
    def quality(self) -> Quality:
        """Quality of the value."""

class StatusAndChanged(Information):
    """Sixteen single points, and which of them have changed (IEC 60870-5-101, 7.2.6.40)."""
    def __init__(
        self,
        status: PackedSingle,
        changed: PackedSingle = PackedSingle(),
        quality: Quality = Quality(),
        recorded_at: datetime.datetime | None = None,
    ) -> None:
        """status: the sixteen states, PackedSingle. changed: which of them have changed since the last report. quality: any
        flag. recorded_at: time of the event, 2000 to 2099 in UTC, naive local or aware; None for none. Raises TypeError for
        another type, ValueError out of range.

        >>> info = c104.StatusAndChanged(status=c104.PackedSingle.I0, changed=c104.PackedSingle.I0)
        """
    @property
    def status(self) -> PackedSingle:
        """The sixteen single points."""
    @property
    def changed(self) -> PackedSingle:
        """Those that have changed."""
    @property
    def value(self) -> PackedSingle:
        """What the point's value is."""
    @property
    def quality(self) -> Quality:
        """Quality of the value."""

class TransportSecurity(metaclass=_Pybind11Type):
    """TLS for a Client or a Server: certificates, whom to trust, versions, cipher suites.

    It becomes read-only when a Server is made with it, or when a Client that has it gets its first connection; reload() remains.

    >>> tls = c104.TransportSecurity(validate=True, only_known=False)
    >>> tls.set_certificate(cert="client.crt", key="client.key")
    >>> tls.set_ca_certificate(cert="ca.crt")
    >>> client = c104.Client(transport_security=tls)
    """
    def __init__(self, validate: bool = True, only_known: bool = True) -> None:
        """validate: check the partner's certificate, its chain up to a CA, its validity and its usage. only_known: the partner's
        certificate must be one of those given to add_allowed_remote_certificate(). With both False nothing is checked, and a
        server does not even ask for a certificate: encrypted, but anybody may be at the other end.
        """
    def set_certificate(self, cert: str | os.PathLike[str], key: str | os.PathLike[str], passphrase: str = "") -> None:
        """Our own certificate (followed by intermediate ones, if there are any) and its private key, PEM or DER, RSA or EC. Raises
        ValueError with the reason: no such file, not a certificate, the key belongs to another certificate, wrong passphrase.

        >>> tls.set_certificate(cert="server.crt", key="server.key")
        """
    def set_ca_certificate(self, cert: str | os.PathLike[str]) -> None:
        """Trust the authorities in this file. A second call adds to the first. Raises ValueError if it cannot be used.

        >>> tls.set_ca_certificate(cert="ca.crt")
        """
    def add_allowed_remote_certificate(self, cert: str | os.PathLike[str]) -> None:
        """Add a partner's certificate to the list that only_known looks at. Raises ValueError if it cannot be used.

        >>> tls.add_allowed_remote_certificate(cert="client.crt")
        """
    def add_revocation_list(self, crl: str | os.PathLike[str]) -> None:
        """Refuse the certificates that are revoked by the lists in this file (CRL, PEM or DER, several are possible in PEM). A second
        call adds to the first. Looked at with validate=True. A list that has expired refuses all partners of its authority: fetch
        the new one in time and call reload(). Partners of authorities without a list are not affected. Raises ValueError if it
        cannot be used.

        >>> tls.add_revocation_list(crl="ca.crl")
        """
    def reload(self) -> None:
        """Read all files again: certificate and key, authorities, allowed certificates, revocation lists. Also for running clients
        and servers. Links that open from now on use what is in the files, and none of them resumes an older session; links that
        are open stay as they are. Raises ValueError with file and reason; then everything stays as it was.

        >>> tls.reload()
        """
    def set_ciphers(self, ciphers: list[TlsCipher]) -> None:
        """The accepted cipher suites, best first. Without this call: all that encrypt and authenticate and are not outdated. Suites
        must fit the versions and the kind of the server's key. Raises ValueError for an empty list or if none is available.

        >>> tls.set_ciphers(ciphers=[c104.TlsCipher.TLS1_3_AES_256_GCM_SHA384, c104.TlsCipher.ECDHE_ECDSA_WITH_AES_256_GCM_SHA384])
        """
    def set_version(self, min: TlsVersion = TlsVersion.NOT_SELECTED, max: TlsVersion = TlsVersion.NOT_SELECTED) -> None:
        """The accepted TLS versions, by default 1.2 and 1.3; older ones are not available. Raises ValueError if none is left.

        >>> tls.set_version(min=c104.TlsVersion.TLS_1_3)
        """
    def set_minimum_key_sizes(self, rsa: int = 2048, ec: int = 256) -> None:
        """The smallest keys that the certificates of partners and authorities may have, in bits: rsa 1024 to 8192, ec 256 to 521.
        Looked at with validate=True. Raises ValueError outside of these ranges.

        >>> tls.set_minimum_key_sizes(rsa=3072, ec=384)
        """
    def set_renegotiation_time(self, interval: datetime.timedelta | None = None) -> None:
        """How often a TLS 1.2 link gets new keys, 5 minutes to 1 day; None, the default: never. TLS 1.3 has no renegotiation. One
        side is enough: a link on which both begin in the same moment is lost, and opened again. Raises ValueError outside of this
        range.

        >>> tls.set_renegotiation_time(interval=datetime.timedelta(hours=1))
        """
    def set_resumption_interval(self, interval: datetime.timedelta | None = None) -> None:
        """How long a session may be resumed without a full handshake, 1 second to 7 days, 6 hours without this call; None: never.
        Raises ValueError outside of this range.

        >>> tls.set_resumption_interval(interval=datetime.timedelta(hours=1))
        """
    def set_hostname_verification(self, hostname: str | bool | None = True) -> None:
        """Client: the server's certificate must be made out to this name (subject alternative names, wildcards and IP addresses;
        the common name if it has none). True: to the host, or else the ip, that the connection was added with. None, False, and
        without this call: any name. Checked even with validate=False. Raises ValueError for a name outside of ASCII: certificates
        have it as xn--....

        >>> tls.set_hostname_verification(hostname="rtu7.example.com")
        """

class PeerCertificate(metaclass=_Pybind11Type):
    """What the certificate of a TLS partner says, see Connection.peer_certificate. It has been checked as TransportSecurity demands."""
    def __init__(self, *args: typing.NoReturn, **kwargs: typing.NoReturn) -> None:
        """Not to be called: TypeError."""
    @property
    def subject(self) -> str:
        """Whom it was made out to, as "CN=rtu7, O=Example"."""
    @property
    def issuer(self) -> str:
        """The authority that signed it, as "CN=Example CA"."""
    @property
    def serial_number(self) -> str:
        """Its number at the issuer: hexadecimal digits in upper case, two an octet."""
    @property
    def fingerprint(self) -> str:
        """SHA-256 over the whole certificate (DER): 64 hexadecimal digits in lower case."""
    @property
    def not_before(self) -> datetime.datetime:
        """Beginning of its validity, aware, in UTC."""
    @property
    def not_after(self) -> datetime.datetime:
        """End of its validity, aware, in UTC."""

class ProtocolParameters(metaclass=_Pybind11Type):
    """The protocol parameters k, w and t0..t3 (IEC 60870-5-104, 9.6) of a connection or server.

    Changes count for links that are opened later. A value out of range raises ValueError; that w <= k and t2 < t1 is checked by start()
    and connect().

    >>> connection.protocol_parameters.keep_alive_interval = 30
    """
    def __init__(self, *args: typing.NoReturn, **kwargs: typing.NoReturn) -> None:
        """Not to be called: TypeError."""
    @property
    def send_window_size(self) -> int:
        """Parameter k: I-format APDUs that may be sent before an acknowledgement must come; 1..32767, default 12."""
    @send_window_size.setter
    def send_window_size(self, value: int) -> None: ...
    @property
    def receive_window_size(self) -> int:
        """Parameter w: received I-format APDUs after which an acknowledgement is sent; 1..32767, at most k, default 8."""
    @receive_window_size.setter
    def receive_window_size(self, value: int) -> None: ...
    @property
    def connection_timeout(self) -> int:
        """Parameter t0: seconds that opening a connection may take; 1..255, default 10."""
    @connection_timeout.setter
    def connection_timeout(self, value: int) -> None: ...
    @property
    def message_timeout(self) -> int:
        """Parameter t1: seconds in which the partner must acknowledge what was sent; 1..255, above t2, default 15."""
    @message_timeout.setter
    def message_timeout(self, value: int) -> None: ...
    @property
    def confirm_interval(self) -> int:
        """Parameter t2: seconds after which received APDUs are acknowledged at the latest; 1..254, below t1, default 10."""
    @confirm_interval.setter
    def confirm_interval(self, value: int) -> None: ...
    @property
    def keep_alive_interval(self) -> int:
        """Parameter t3: seconds of silence after which a test frame is sent; 1..172800, default 20."""
    @keep_alive_interval.setter
    def keep_alive_interval(self, value: int) -> None: ...

class Client(metaclass=_Pybind11Type):
    """A controlling station: connections to servers and everything known about their stations.

    >>> client = c104.Client()
    >>> connection = client.add_connection(ip="192.0.2.10")
    >>> client.start()
    """
    def __init__(
        self, tick_rate_ms: int = 100, command_timeout_ms: int = 10000, transport_security: TransportSecurity | None = None
    ) -> None:
        """tick_rate_ms: 50..4294967295, unit of Point.on_timer(). command_timeout_ms: how long to wait for the answer to a
        command, 1..4294967295. transport_security: TLS. Raises ValueError when out of range.
        """
    def start(self) -> None:
        """Start, and open all connections in the background: Connection.state and on_state_change() tell when one is open. One
        that can't be opened, or is lost, is tried again every second. Started already, it opens what is closed. Raises ValueError
        for protocol_parameters that don't fit together, RuntimeError when the system has no thread or descriptor left.

        >>> client.start()
        """
    def stop(self) -> None:
        """Close all connections and end the threads. May be called from a callback; start() may follow.

        >>> client.stop()
        """
    def add_connection(self, ip: str = "", port: int = 2404, init: Init = Init.ALL, *, host: str = "") -> Connection | None:
        """Add a connection to a server; None if there is one to this endpoint. It opens at start(), or at Connection.connect().
        ip: IPv4 or IPv6 literal or "localhost"; host: a name instead, resolved each time the connection opens. init: what is
        sent once it is open. Raises ValueError for an invalid ip, a port outside 1..65535, and unless exactly one of ip and host is given.

        >>> connection = client.add_connection(ip="192.0.2.10", port=2404, init=c104.Init.ALL)
        """
    def get_connection(self, ip: str = "", port: int = 2404, common_address: int = 0) -> Connection | None:
        """Find a connection by ip (or host) and port, or by the common address of one of its stations. Raises ValueError unless
        exactly one of ip and common_address is given.

        >>> connection = client.get_connection(ip="192.0.2.10", port=2404)
        """
    def disconnect_all(self) -> None:
        """Close all connections; they stay closed until connect() or start().

        >>> client.disconnect_all()
        """
    def reconnect_all(self) -> None:
        """Close all connections and open them again.

        >>> client.reconnect_all()
        """
    def on_new_station(self, callable: collections.abc.Callable[[Client, Connection, int], None] | None) -> None:
        """Call this when a message of an unknown station arrives. It may add the station; what it doesn't add is ignored.
        Without a callback (None) stations are added by themselves. Names and annotations of the parameters must be as below,
        else ValueError; TypeError for what can't be called. It runs on a worker thread; what it raises is logged
        (c104.callback).

        >>> def on_new_station(client: c104.Client, connection: c104.Connection, common_address: int) -> None:
        ...     connection.add_station(common_address=common_address)
        >>> client.on_new_station(callable=on_new_station)
        """
    def on_new_point(self, callable: collections.abc.Callable[[Client, Station, int, Type], None] | None) -> None:
        """Call this when a message for an unknown point of a known station arrives. It may add the point, which then takes the
        message. Without a callback (None) points are added by themselves. Names and annotations of the parameters must be as
        below, else ValueError; TypeError for what can't be called. It runs on a worker thread; what it raises is logged
        (c104.callback).

        >>> def on_new_point(client: c104.Client, station: c104.Station, io_address: int, point_type: c104.Type) -> None:
        ...     station.add_point(io_address=io_address, type=point_type)
        >>> client.on_new_point(callable=on_new_point)
        """
    def on_station_initialized(self, callable: collections.abc.Callable[[Client, Station, Coi], None] | None) -> None:
        """Call this when a station tells the end of its initialisation (M_EI_NA_1). Names and annotations of the parameters
        must be as below, else ValueError; TypeError for what can't be called. It runs on a worker thread; what it raises is
        logged (c104.callback).

        >>> def on_station_initialized(client: c104.Client, station: c104.Station, cause: c104.Coi) -> None:
        ...     print(station.common_address, cause)
        >>> client.on_station_initialized(callable=on_station_initialized)
        """
    @property
    def tick_rate_ms(self) -> int:
        """Tick rate in milliseconds, as given to the constructor."""
    @property
    def is_running(self) -> bool:
        """Whether start() was called, and stop() not yet."""
    @property
    def originator_address(self) -> int:
        """Originator address, 0..255, default 0. Setting it changes the connections that have the old one. Raises ValueError when out
        of range.
        """
    @originator_address.setter
    def originator_address(self, value: int) -> None: ...
    @property
    def connections(self) -> list[Connection]:
        """All connections, as a new list."""
    @property
    def has_connections(self) -> bool:
        """Whether there are connections."""
    @property
    def open_connection_count(self) -> int:
        """Number of open connections, muted ones too."""
    @property
    def has_open_connections(self) -> bool:
        """Whether a connection is open."""
    @property
    def active_connection_count(self) -> int:
        """Number of connections that are open and not muted."""
    @property
    def has_active_connections(self) -> bool:
        """Whether a connection is open and not muted."""

class Connection(metaclass=_Pybind11Type):
    """A client's link to one server. Made by Client.add_connection()."""
    def __init__(self, *args: typing.NoReturn, **kwargs: typing.NoReturn) -> None:
        """Not to be called: TypeError."""
    def connect(self) -> None:
        """Open the connection in the background and keep it open: when it is lost, it is opened again after a second. Starts the
        client's threads if need be. Raises as Client.start() does, and ValueError when the client is gone.

        >>> connection.connect()
        """
    def disconnect(self) -> None:
        """Close the connection; it stays closed until connect().

        >>> connection.disconnect()
        """
    def mute(self) -> bool:
        """Stop data transfer (STOPDT). The state is OPEN_MUTED at once. False when the connection isn't open.

        >>> connection.mute()
        """
    def unmute(self) -> bool:
        """Start data transfer (STARTDT). The state is OPEN once the server has confirmed it. False when the connection isn't open.

        >>> connection.unmute()
        """
    def add_station(self, common_address: int) -> Station | None:
        """Add a station; None if there is one of this address. Raises ValueError for an address outside 1..65534.

        >>> station = connection.add_station(common_address=47)
        """
    def get_station(self, common_address: int) -> Station | None:
        """The station of this address, or None. Raises TypeError for what is no int, and ValueError for a negative one.

        >>> station = connection.get_station(common_address=47)
        """
    def remove_station(self, common_address: int) -> bool:
        """Remove a station. False when there is none. Raises TypeError for what is no int, and ValueError for a negative one.

        >>> connection.remove_station(common_address=47)
        """
    def interrogation(
        self, common_address: int, cause: Cot = Cot.ACTIVATION, qualifier: Qoi = Qoi.STATION, wait_for_response: bool = True
    ) -> bool:
        """Interrogate a station (C_IC_NA_1); common address 0 or 65535: all stations. cause: ACTIVATION, or DEACTIVATION to break one
        off. Waiting, True means that it was confirmed and terminated, and all its values are in the points; else, that it was sent.
        False: not open, refused, or no end within the client's command_timeout_ms. Raises ValueError for an address outside 0..65535 or
        another cause.

        >>> if not connection.interrogation(common_address=47):
        ...     print("no answer")
        """
    def counter_interrogation(
        self,
        common_address: int,
        cause: Cot = Cot.ACTIVATION,
        qualifier: Rqt = Rqt.GENERAL,
        freeze: Frz = Frz.READ,
        wait_for_response: bool = True,
    ) -> bool:
        """Read, freeze or reset the counters of a station (C_CI_NA_1). Result and errors as of interrogation().

        >>> connection.counter_interrogation(common_address=47, freeze=c104.Frz.FREEZE_WITHOUT_RESET)
        """
    def clock_sync(self, common_address: int, wait_for_response: bool = True) -> bool:
        """Send this computer's time in UTC (C_CS_NA_1). Waiting, True means confirmed; else, sent. Errors as of interrogation().

        >>> connection.clock_sync(common_address=47)
        """
    def test(self, common_address: int, with_time: bool = True, wait_for_response: bool = True) -> bool:
        """Send a test command, C_TS_TA_1 or without time C_TS_NA_1. Result and errors as of clock_sync().

        >>> connection.test(common_address=47)
        """
    def on_state_change(self, callable: collections.abc.Callable[[Connection, ConnectionState], None] | None) -> None:
        """Call this with each new state. None ends it. Names and annotations of the parameters must be as below, else
        ValueError; TypeError for what can't be called. It runs on a worker thread; what it raises is logged (c104.callback).

        >>> def on_state_change(connection: c104.Connection, state: c104.ConnectionState) -> None:
        ...     print(connection.ip, state)
        >>> connection.on_state_change(callable=on_state_change)
        """
    def on_receive_raw(self, callable: collections.abc.Callable[[Connection, bytes], None] | None) -> None:
        """Call this with each received APDU. Names and annotations of the parameters must be as below, else ValueError;
        TypeError for what can't be called. It runs on a worker thread; what it raises is logged (c104.callback).

        >>> def on_receive_raw(connection: c104.Connection, data: bytes) -> None:
        ...     print("-->", data.hex(), c104.explain_bytes(apdu=data))
        >>> connection.on_receive_raw(callable=on_receive_raw)
        """
    def on_send_raw(self, callable: collections.abc.Callable[[Connection, bytes], None] | None) -> None:
        """Call this with each sent APDU. Names and annotations of the parameters must be as below, else ValueError; TypeError
        for what can't be called. It runs on a worker thread; what it raises is logged (c104.callback).

        >>> def on_send_raw(connection: c104.Connection, data: bytes) -> None:
        ...     print("<--", data.hex(), c104.explain_bytes(apdu=data))
        >>> connection.on_send_raw(callable=on_send_raw)
        """
    def on_unexpected_message(
        self, callable: collections.abc.Callable[[Connection, IncomingMessage, Umc], None] | None
    ) -> None:
        """Call this with each message that can't be applied, and why. Names and annotations of the parameters must be as below,
        else ValueError; TypeError for what can't be called. It runs on a worker thread; what it raises is logged
        (c104.callback).

        >>> def on_unexpected_message(connection: c104.Connection, message: c104.IncomingMessage, cause: c104.Umc) -> None:
        ...     print(cause, message.raw_explain)
        >>> connection.on_unexpected_message(callable=on_unexpected_message)
        """
    @property
    def ip(self) -> str:
        """Address of the server; of one that was added with a host, the number once it is resolved, "" before."""
    @property
    def port(self) -> int:
        """TCP port of the server."""
    @property
    def state(self) -> ConnectionState:
        """State of the connection."""
    @property
    def stations(self) -> list[Station]:
        """All stations, as a new list."""
    @property
    def has_stations(self) -> bool:
        """Whether there are stations."""
    @property
    def is_connected(self) -> bool:
        """Whether the connection is open, muted or not."""
    @property
    def is_muted(self) -> bool:
        """Whether the connection is open without data transfer."""
    @property
    def connected_at(self) -> datetime.datetime | None:
        """Local time at which the connection was opened, None while it isn't open."""
    @property
    def disconnected_at(self) -> datetime.datetime | None:
        """Local time at which the connection was closed, None while it is open or never was."""
    @property
    def peer_certificate(self) -> PeerCertificate | None:
        """The server's TLS certificate while the connection is open; None without TLS."""
    @property
    def originator_address(self) -> int:
        """Originator address, 0..255. Raises ValueError when out of range."""
    @originator_address.setter
    def originator_address(self, value: int) -> None: ...
    @property
    def protocol_parameters(self) -> ProtocolParameters:
        """Protocol parameters, for the next time that the connection opens."""
    @property
    def counters(self) -> _ConnectionCounters:
        """What happened since the connection was made, over all its links, as a new dict; cheap to read:

        - 'apdus_received', 'apdus_sent': by format, {"I": 3, "S": 1, "U": 2}.
        - 'asdus_received', 'asdus_sent': without malformed ones. 'asdus_received_by_type', 'asdus_sent_by_type': the same by TypeID,
          {100: 1, 13: 250}, those that occurred; a Type finds its number, too.
        - 'octets_received', 'octets_sent': of APDUs, without what TCP and TLS add.
        - 'malformed_frames', and 'malformed_frames_by_reason': 'start_octet', 'apdu_length', 'control_field', 'unexpected_u_frame',
          'sequence_number' (a wrong N(S) or N(R)), 'asdu_header', 'asdu_length', 'object_count', 'object_address'.
        - 'asdus_refused', those of on_unexpected_message(), and 'asdus_refused_by_reason': names of Umc, or 'DENIED' for a command
          that a server understood, but did not take.
        - 'send_queue', 'receive_queue': ASDUs that wait to be sent, and octets that wait for callbacks, now. 'send_queue_most',
          'receive_queue_most': the most there were.
        - 'unsent', 'unacknowledged': ASDUs that waited to be sent, or had been sent and not acknowledged, when a link ended.
          'overruns': see Server.counters.
        - 'reconnects': attempts to connect again. 'timeouts': how often 't0' (connecting), 't1' (acknowledgement) and 'command'
          expired.
        - 'round_trip_ms': the last time from a U-format APDU (STARTDT, TESTFR) to its confirmation, 'acknowledgement_ms': from an I-format
          APDU to its acknowledgement, which the partner may delay; milliseconds, None before the first on this link.

        >>> connection.counters["asdus_received_by_type"].get(c104.Type.M_ME_NC_1, 0)
        1
        """

class Server(metaclass=_Pybind11Type):
    """A controlled station (outstation): stations with points, offered to the clients that connect.

    >>> server = c104.Server(ip="0.0.0.0", port=2404)
    >>> station = server.add_station(common_address=1)
    >>> point = station.add_point(io_address=11, type=c104.Type.M_ME_NC_1)
    >>> server.start()
    """
    def __init__(
        self,
        ip: str = "0.0.0.0",
        port: int = 2404,
        tick_rate_ms: int = 100,
        select_timeout_ms: int = 10000,
        max_connections: int = 0,
        transport_security: TransportSecurity | None = None,
        *,
        interrogation_with_time_tags: bool = False,
    ) -> None:
        """ip: IPv4 or IPv6 address to listen on, or "localhost"; all interfaces: "0.0.0.0" or "::". port: 0..65535, 0 takes a
        free one. tick_rate_ms: 50..4294967295, unit of report_ms and on_timer(). select_timeout_ms: how long a selected command
        waits for its execution, 0..4294967295. max_connections: 0..4294967295, 0 for no limit. interrogation_with_time_tags:
        answer an interrogation with time-tagged points as they are, the way of c104 2.2. Otherwise they are answered as the
        same type without a tag (M_ME_TF_1 as M_ME_NC_1), since the standard allows no other there. Raises ValueError for what
        is out of range.
        """
    def start(self) -> None:
        """Listen for clients. Raises RuntimeError when the port can't be had or the system has no thread or descriptor left, ValueError
        for protocol_parameters that don't fit together.

        >>> server.start()
        """
    def stop(self) -> None:
        """Close all connections and stop listening. May be called from a callback; start() may follow.

        >>> server.stop()
        """
    def add_station(self, common_address: int) -> Station | None:
        """Add a station; None if there is one of this address. Raises ValueError for an address outside 1..65534.

        >>> station = server.add_station(common_address=1)
        """
    def get_station(self, common_address: int) -> Station | None:
        """The station of this address, or None. Raises TypeError for what is no int, and ValueError for a negative one.

        >>> station = server.get_station(common_address=47)
        """
    def remove_station(self, common_address: int) -> bool:
        """Remove a station. False when there is none. Raises TypeError for what is no int, and ValueError for a negative one.

        >>> server.remove_station(common_address=47)
        """
    def transmit_batch(self, batch: Batch) -> bool:
        """Send the points of a batch in as few messages as possible. False: nothing was sent, since no client has data transfer, or
        max_queued_octets wait for the slowest client already, or the batch is empty. Raises ValueError when its points are not of this
        server, or its cause is not one of monitoring points (see Batch).

        >>> server.transmit_batch(c104.Batch(cause=c104.Cot.SPONTANEOUS, points=[point_1, point_2]))
        """
    def on_connect(self, callable: collections.abc.Callable[[Server, str], bool] | None) -> None:
        """Ask this whether to accept a connection from an ip. A callback that fails refuses; None accepts all. Names and
        annotations of the parameters must be as below, else ValueError; TypeError for what can't be called. It runs on a worker
        thread; what it raises is logged (c104.callback).

        >>> def on_connect(server: c104.Server, ip: str) -> bool:
        ...     return ip == "192.0.2.10"
        >>> server.on_connect(callable=on_connect)
        """
    def on_clock_sync(self, callable: collections.abc.Callable[[Server, str, datetime.datetime], ResponseState] | None) -> None:
        """Call this with the time that a client sends, and its ip and port ("192.0.2.10:50123"). A callback that fails answers
        FAILURE. Names and annotations of the parameters must be as below, else ValueError; TypeError for what can't be called.
        It runs on a worker thread; what it raises is logged (c104.callback).

        >>> def on_clock_sync(server: c104.Server, ip: str, date_time: datetime.datetime) -> c104.ResponseState:
        ...     return c104.ResponseState.SUCCESS
        >>> server.on_clock_sync(callable=on_clock_sync)
        """
    def on_receive_raw(self, callable: collections.abc.Callable[[Server, bytes], None] | None) -> None:
        """Call this with each received APDU. Names and annotations of the parameters must be as below, else ValueError;
        TypeError for what can't be called. It runs on a worker thread; what it raises is logged (c104.callback).

        >>> def on_receive_raw(server: c104.Server, data: bytes) -> None:
        ...     print("-->", data.hex(), c104.explain_bytes(apdu=data))
        >>> server.on_receive_raw(callable=on_receive_raw)
        """
    def on_send_raw(self, callable: collections.abc.Callable[[Server, bytes], None] | None) -> None:
        """Call this with each sent APDU. Names and annotations of the parameters must be as below, else ValueError; TypeError
        for what can't be called. It runs on a worker thread; what it raises is logged (c104.callback).

        >>> def on_send_raw(server: c104.Server, data: bytes) -> None:
        ...     print("<--", data.hex(), c104.explain_bytes(apdu=data))
        >>> server.on_send_raw(callable=on_send_raw)
        """
    def on_unexpected_message(self, callable: collections.abc.Callable[[Server, IncomingMessage, Umc], None] | None) -> None:
        """Call this with each message that is refused, and why. Names and annotations of the parameters must be as below, else
        ValueError; TypeError for what can't be called. It runs on a worker thread; what it raises is logged (c104.callback).

        >>> def on_unexpected_message(server: c104.Server, message: c104.IncomingMessage, cause: c104.Umc) -> None:
        ...     print(cause, message.raw_explain)
        >>> server.on_unexpected_message(callable=on_unexpected_message)
        """
    @property
    def ip(self) -> str:
        """Address that is listened on."""
    @property
    def port(self) -> int:
        """TCP port; the real one while running, when 0 was asked for."""
    @property
    def tick_rate_ms(self) -> int:
        """Tick rate in milliseconds, as given to the constructor."""
    @property
    def interrogation_with_time_tags(self) -> bool:
        """Whether time-tagged points answer an interrogation with their tag."""
    @property
    def is_running(self) -> bool:
        """Whether the server listens."""
    @property
    def max_connections(self) -> int:
        """How many clients may be connected at a time, 0 for no limit. Raises ValueError for a negative number.

        >>> server.max_connections = 100
        """
    @max_connections.setter
    def max_connections(self, value: int) -> None: ...
    @property
    def max_connections_per_address(self) -> int:
        """How many of them may come from one address, 0 (default) for no limit: many may share one, behind NAT or on a test bench. Raises
        ValueError for a negative number.

        >>> server.max_connections_per_address = 4
        """
    @max_connections_per_address.setter
    def max_connections_per_address(self, value: int) -> None: ...
    @property
    def max_pending_connections(self) -> int:
        """How many clients may be in their TLS handshake or wait for on_connect() at a time; 1..65535, default 1024. A handshake ends
        after t0. Raises ValueError for another number.

        >>> server.max_pending_connections = 64
        """
    @max_pending_connections.setter
    def max_pending_connections(self, value: int) -> None: ...
    @property
    def startdt_timeout_ms(self) -> int:
        """How long a client may take from its connection to its first STARTDT before it is disconnected, in milliseconds; 0 (default)
        for any time: a redundant connection waits for years. One that is dead is noticed by test frames (t3, t1). Raises ValueError
        for a negative number.

        >>> server.startdt_timeout_ms = 60000
        """
    @startdt_timeout_ms.setter
    def startdt_timeout_ms(self, value: int) -> None: ...
    @property
    def max_apdus_per_second(self) -> int:
        """How many APDUs a second are read from one client, of all formats, with one second's worth at once; 0 (default) for no limit.
        What comes faster is read later: TCP holds the client back, and nothing is lost. Its acknowledgements are APDUs too, one for
        at most w of those sent to it: the limit must be well above what it has to send. Raises ValueError for a negative number.

        >>> server.max_apdus_per_second = 200
        """
    @max_apdus_per_second.setter
    def max_apdus_per_second(self, value: int) -> None: ...
    @property
    def max_answer_octets(self) -> int:
        """Memory of the answers that wait for one client, in octets; one that sends commands and takes no answers is disconnected here.
        4096..4294967295, default 8 MiB. Raises ValueError when out of range. For spontaneous values see max_queued_octets.

        >>> server.max_answer_octets = 1 << 20
        """
    @max_answer_octets.setter
    def max_answer_octets(self, value: int) -> None: ...
    @property
    def allowed_networks(self) -> list[str] | None:
        """Addresses and networks from which clients may connect, in the notation of the module ipaddress or as its objects, or None
        (default) for all; an empty list allows nobody. An IPv4 address is also meant where it comes mapped into IPv6. At any time:
        clients that are no longer allowed are disconnected. Raises ValueError for what is no address or network, TypeError for
        another type.

        >>> server.allowed_networks = ["192.0.2.10", "198.51.100.0/24", "2001:db8::/32"]
        """
    @allowed_networks.setter
    def allowed_networks(self, value: collections.abc.Iterable[str | _Network] | None) -> None: ...
    @property
    def connections(self) -> list[ServerConnection]:
        """The clients that are connected, as a new list: without those in their TLS handshake or before the answer of on_connect().

        >>> for connection in server.connections:
        ...     print(connection.ip, connection.connected_at, connection.counters["octets_sent"])
        """
    @property
    def max_queued_octets(self) -> int:
        """How many octets of messages may wait for the slowest client before transmit() takes no more, 4096..4294967295. 16 MiB without
        this: about a million values sent one by one, or six million in a batch. Raises ValueError when out of range.

        >>> server.max_queued_octets = 64 << 20
        """
    @max_queued_octets.setter
    def max_queued_octets(self, value: int) -> None: ...
    @property
    def stations(self) -> list[Station]:
        """All stations, as a new list."""
    @property
    def has_stations(self) -> bool:
        """Whether there are stations."""
    @property
    def open_connection_count(self) -> int:
        """Number of connected clients."""
    @property
    def has_open_connections(self) -> bool:
        """Whether a client is connected."""
    @property
    def active_connection_count(self) -> int:
        """Number of clients that have started data transfer."""
    @property
    def has_active_connections(self) -> bool:
        """Whether a client has started data transfer."""
    @property
    def protocol_parameters(self) -> ProtocolParameters:
        """Protocol parameters, for clients that connect later. What must hold between them is checked by start() only: on a running
        server set them so that it holds.
        """
    @property
    def counters(self) -> _ServerCounters:
        """What happened since the server was made, as a new dict: the counters of Connection.counters over all connections that ever
        were, of queues and times the largest. Of what transmit() and transmit_batch() took, each message arrives at each client
        with data transfer or is counted: 'overruns' fell out of the event log before a client that lags took them, 'unsent' had not
        been sent when the connection ended, 'unacknowledged' had been sent but not acknowledged, so that nobody knows whether they
        arrived (these include answers). 'nobody_listening' and 'log_full' count the calls that were refused (False),
        'connections_refused' clients, 'connections_refused_by_reason' by 'not_allowed' (allowed_networks), 'max_connections',
        'connections_per_address', 'pending_connections', 'tls_handshake' (it failed), 'tls_timeout' (t0), 'on_connect',
        'startdt_timeout', 'answer_queue' (max_answer_octets) and 'renegotiation' (of TLS, more than ten within 60 s). In 'timeouts', 't0' are TLS handshakes, 'selection' selections
        that were not executed in time.

        >>> server.counters["unsent"]
        0
        """

class ServerConnection(metaclass=_Pybind11Type):
    """A client's connection to a Server, one of Server.connections. It may be kept: when the connection has ended, is_connected is False.

    >>> for connection in server.connections:
    ...     if connection.ip == "192.0.2.66":
    ...         connection.close(reason="not wanted")
    """
    def __init__(self, *args: typing.NoReturn, **kwargs: typing.NoReturn) -> None:
        """Not to be called: TypeError."""
    @property
    def ip(self) -> str:
        """IP address of the client."""
    @property
    def port(self) -> int:
        """TCP port of the client."""
    @property
    def connected_at(self) -> datetime.datetime:
        """When the client connected, local time."""
    @property
    def peer_certificate(self) -> PeerCertificate | None:
        """The client's certificate, also when the connection has ended; None without TLS, and for a client that has shown none."""
    @property
    def is_connected(self) -> bool:
        """Whether the connection still stands."""
    @property
    def is_active(self) -> bool:
        """Whether the client has started data transfer (STARTDT)."""
    @property
    def counters(self) -> _Counters:
        """What happened on this connection, as a new dict: see Connection.counters; with 'selection' in 'timeouts', as in
        Server.counters.

        >>> connection.counters["apdus_received"]["I"]
        1
        """
    def close(self, reason: str = "") -> None:
        """End this connection; it has ended when this returns. In any thread and any callback, also when it has ended before. The reason
        goes into the log.

        >>> connection.close(reason="maintenance")
        """

class Snapshot(metaclass=_Pybind11Type):
    """The values of a station's points at one time as columns, one row a point, ordered by address.

    Each column is a read-only memoryview, which NumPy, pandas and Arrow take without a copy: numpy.asarray(snapshot.value).

    >>> snapshot = station.snapshot(type=c104.Type.M_ME_NC_1)
    >>> highest = max(snapshot.value)
    """
    def __init__(self, *args: typing.NoReturn, **kwargs: typing.NoReturn) -> None:
        """Not to be called: TypeError."""
    def __len__(self) -> int: ...
    @property
    def io_address(self) -> memoryview[int]:
        """Information object addresses (format I)."""
    @property
    def type(self) -> memoryview[int]:
        """TypeIDs (format B)."""
    @property
    def value(self) -> memoryview[float]:
        """Values as numbers (format d): 0 and 1 for single points and commands, 0..3 for double points, step commands
        and protection events, positions, bits as an unsigned number, engineering values as they are. Exact for all."""
    @property
    def quality(self) -> memoryview[int]:
        """Quality bits as int(point.quality) gives them (format B); 0 for commands, which have none."""
    @property
    def recorded_at(self) -> memoryview[int]:
        """Times of the time tags in microseconds since 1970, UTC (format q); the smallest number where there is none,
        which NumPy takes for NaT: numpy.asarray(snapshot.recorded_at).view("datetime64[us]")"""
    @property
    def processed_at(self) -> memoryview[int]:
        """Times of the last local processing in microseconds since 1970, UTC (format q)."""

class Station(metaclass=_Pybind11Type):
    """A common address with its points, of a server or of a client's connection. Made by add_station()."""
    def __init__(self, *args: typing.NoReturn, **kwargs: typing.NoReturn) -> None:
        """Not to be called: TypeError."""
    def add_point(
        self,
        io_address: int,
        type: Type,
        report_ms: int = 0,
        related_io_address: int | None = None,
        related_io_autoreturn: bool = False,
        command_mode: CommandMode = CommandMode.DIRECT,
    ) -> Point | None:
        """Add a point; None if the address, 0..16777215, is taken (0 is usually "no address" on the wire). type: a monitoring type
        (M_SP_NA_1 and so on: 1..21, 30..40) or a command (C_SC_NA_1 and so on: 45..51, 58..64). On a server also: report_ms, the
        interval of periodic transmission of a monitoring point, 0 or a multiple of tick_rate_ms; related_io_address, the monitoring point that shows a
        command's effect, which related_io_autoreturn sends after each command; it may be added later. command_mode of a command:
        direct, or select and execute; a monitoring point has no use for it. Raises ValueError for what is out of range or does not
        fit the type, TypeError for a type that is no c104.Type.

        >>> point = station.add_point(io_address=11, type=c104.Type.M_ME_NC_1, report_ms=1000)
        >>> command = station.add_point(io_address=12, type=c104.Type.C_SC_NA_1, command_mode=c104.CommandMode.SELECT_AND_EXECUTE)
        """
    def get_point(self, io_address: int) -> Point | None:
        """The point of this address, or None. Raises TypeError for what is no int, and ValueError for a negative one.

        >>> point = station.get_point(io_address=11)
        """
    def remove_point(self, io_address: int) -> bool:
        """Remove a point. False when there is none. Raises TypeError for what is no int, and ValueError for a negative one.

        >>> station.remove_point(io_address=11)
        """
    def snapshot(self, type: Type | None = None) -> Snapshot:
        """The values of all points, or of those of one type, as columns of numbers. No Python object per point: some
        nanoseconds each. Values that arrive meanwhile are in it or not; each point's row is of one moment. Raises TypeError for
        a type that is no c104.Type.

        >>> snapshot = station.snapshot()
        >>> latest = dict(zip(snapshot.io_address, snapshot.value))
        """
    def update(
        self,
        io_address: collections.abc.Sequence[int] | typing_extensions.Buffer,
        value: collections.abc.Sequence[float] | typing_extensions.Buffer,
        quality: collections.abc.Sequence[int] | typing_extensions.Buffer | int | Quality | BinaryCounterQuality | None = None,
        recorded_at: collections.abc.Sequence[int] | typing_extensions.Buffer | int | datetime.datetime | None = None,
        cause: Cot | None = None,
    ) -> bool:
        """Set the values of many monitoring points of a server, and with a cause send them, in one call.

        Columns may be arrays (NumPy, array, memoryview) or sequences, with one entry each address; numbers as in Snapshot.
        quality may also be one for all, or None: the points keep theirs. recorded_at is in microseconds since 1970, UTC; or
        one of them or a datetime for all, 2000 to 2099; or None: now. Types without a time tag ignore it. Values are sent in the given order,
        neighbours of one type packed into one ASDU; an address may come several times. All or nothing: ValueError names the
        row that does not fit, TypeError a column that is none, and nothing is set. Returns False when there was a cause and nothing was sent, as transmit()
        does; the values are set even so.

        >>> station.update(io_address=[11, 12], value=[230.1, 229.8], cause=c104.Cot.SPONTANEOUS)
        """
    def signal_initialized(self, cause: Coi) -> None:
        """Tell the connected clients, and those that connect later, that this station of a server is initialised (M_EI_NA_1).
        Raises ValueError on a client's station.

        >>> station.signal_initialized(cause=c104.Coi.REMOTE_RESET)
        """
    @property
    def common_address(self) -> int:
        """Common address, 1..65534."""
    @property
    def is_local(self) -> bool:
        """Whether this is a server's station."""
    @property
    def server(self) -> Server | None:
        """The server, None on a client's station or when it is gone."""
    @property
    def connection(self) -> Connection | None:
        """The connection, None on a server's station or when it is gone."""
    @property
    def points(self) -> list[Point]:
        """All points, by address."""
    @property
    def has_points(self) -> bool:
        """Whether there are points."""

class Point(metaclass=_Pybind11Type):
    """One information object: a measurand, a status, a command. Made by Station.add_point()."""
    def __init__(self, *args: typing.NoReturn, **kwargs: typing.NoReturn) -> None:
        """Not to be called: TypeError."""
    def read(self) -> bool:
        """Ask the server for the point's value (C_RD_NA_1). True when it has come, False after the client's command_timeout_ms, or
        when it was refused or the connection isn't open. Raises ValueError on a server's point, or when the
        connection is gone.

        >>> if point.read():
        ...     print(point.value)
        """
    def transmit(self, cause: Cot, originator: int | None = None) -> bool:
        """Client: send the command with ACTIVATION or DEACTIVATION and wait for the answer, at most the client's
        command_timeout_ms; with CommandMode.SELECT_AND_EXECUTE it is selected before. True: it was confirmed. False: it was
        refused, the connection isn't open or breaks, or nothing came in time; the log says which.

        Server: send the value to all clients with data transfer. False: it was not sent, since there is none, or too much waits
        for the slowest of them already (Server.max_queued_octets): try again later. One client that stays so far behind is not
        waited for longer than about a second; what it misses is in Server.counters.

        originator: originator address 0..255 to use instead of the usual one. Raises ValueError for a cause that doesn't fit, or
        when client or server is gone.

        >>> point.transmit(cause=c104.Cot.SPONTANEOUS)
        >>> command.transmit(cause=c104.Cot.ACTIVATION)
        """
    def on_receive(
        self, callable: collections.abc.Callable[[Point, Information, IncomingMessage], ResponseState] | None
    ) -> None:
        """Call this with each value or command that arrives. The point has the new value already. Its answer confirms or
        refuses a command; one that fails refuses. None ends it. Names and annotations of the parameters must be as below, else
        ValueError; TypeError for what can't be called. It runs on a worker thread; what it raises is logged (c104.callback).

        >>> def on_receive(point: c104.Point, previous_info: c104.Information, message: c104.IncomingMessage) -> c104.ResponseState:
        ...     print(previous_info.value, "->", point.value)
        ...     return c104.ResponseState.SUCCESS
        >>> point.on_receive(callable=on_receive)
        """
    def on_before_read(self, callable: collections.abc.Callable[[Point], None] | None) -> None:
        """Call this before a server answers a read or an interrogation with this point. Raises ValueError on a client's point.
        Names and annotations of the parameters must be as below, else ValueError; TypeError for what can't be called. It runs
        on a worker thread; what it raises is logged (c104.callback).

        >>> def on_before_read(point: c104.Point) -> None:
        ...     point.value = measure()
        >>> point.on_before_read(callable=on_before_read)
        """
    def on_before_auto_transmit(self, callable: collections.abc.Callable[[Point], None] | None) -> None:
        """Call this before a periodic transmission (report_ms) of this point. Raises ValueError on a client's point. Names and
        annotations of the parameters must be as below, else ValueError; TypeError for what can't be called. It runs on a worker
        thread; what it raises is logged (c104.callback).

        >>> def on_before_auto_transmit(point: c104.Point) -> None:
        ...     point.value = measure()
        >>> point.on_before_auto_transmit(callable=on_before_auto_transmit)
        """
    def on_timer(self, callable: collections.abc.Callable[[Point], None] | None, interval_ms: int = 0) -> None:
        """Call this every interval_ms, a multiple of the client's or server's tick_rate_ms; with None no more. Raises
        ValueError for an interval of 0 or another one that is no multiple. Names and annotations of the parameters must be as
        below, else ValueError; TypeError for what can't be called. It runs on a worker thread; what it raises is logged
        (c104.callback).

        >>> def on_timer(point: c104.Point) -> None:
        ...     point.value = measure()
        >>> point.on_timer(callable=on_timer, interval_ms=1000)
        """
    @property
    def io_address(self) -> int:
        """Information object address, 0..16777215."""
    @property
    def station(self) -> Station | None:
        """The station, None when it is gone or the point was removed."""
    @property
    def info(self) -> Information:
        """Value, quality and times as an Information object. Raises ValueError unless set to the class that fits the point's type.

        >>> point.info = c104.ShortInfo(actual=12.5, quality=c104.Quality.Invalid)
        """
    @info.setter
    def info(self, value: Information) -> None: ...
    @property
    def value(self) -> typing.Any:
        """The value alone: bool, float or int, or one of the classes Double, Int7, Step, Int16, NormalizedFloat, Byte32 and those of protection
        equipment, depending on the type. Raises ValueError when set to a value of another kind, or when the information was
        received from the partner, or is a finite float beyond 3.4028235e38; TypeError for what is no point's value. Both say what is
        wanted.

        >>> point.value = 12.5
        """
    @value.setter
    def value(self, value: _Value) -> None: ...
    @property
    def quality(self) -> _Quality:
        """The quality, None for commands, which have none: setting it is ignored there. Raises ValueError as value does.

        >>> point.quality = c104.Quality.Invalid | c104.Quality.NonTopical
        """
    @quality.setter
    def quality(self, value: _Quality) -> None: ...
    @property
    def recorded_at(self) -> datetime.datetime | None:
        """The time tag of the value as naive local time, or None."""
    @property
    def time_quality(self) -> TimeQuality:
        """Flags of the time tag: invalid, summer time, substituted. As the quality, they stay when the value is set. Raises ValueError as
        value does, and for types without a time tag.

        >>> point.time_quality = c104.TimeQuality.Invalid
        """
    @time_quality.setter
    def time_quality(self, value: TimeQuality) -> None: ...
    @property
    def processed_at(self) -> datetime.datetime:
        """Naive local time at which the value was set or received."""
    @property
    def report_ms(self) -> int:
        """Interval of periodic transmission in ms, 0 for none. Raises ValueError unless a multiple of the server's tick_rate_ms,
        on a command, and on a client's point.

        >>> point.report_ms = 1000
        """
    @report_ms.setter
    def report_ms(self, value: int) -> None: ...
    @property
    def timer_ms(self) -> int:
        """Interval of on_timer() in ms, 0 for none."""
    @property
    def related_io_address(self) -> int | None:
        """Address of the monitoring point that shows a command's effect, or None. Raises ValueError outside 0..16777215 and on a
        client's point.

        >>> point.related_io_address = 12
        """
    @related_io_address.setter
    def related_io_address(self, value: int | None) -> None: ...
    @property
    def related_io_autoreturn(self) -> bool:
        """Whether a command sends its related point with cause RETURN_INFO_REMOTE. Raises ValueError on anything but a server's
        command with a related_io_address.
        """
    @related_io_autoreturn.setter
    def related_io_autoreturn(self, value: bool) -> None: ...
    @property
    def command_mode(self) -> CommandMode:
        """How the command is given: direct, or select and execute. Raises ValueError where only direct is possible.

        >>> command.command_mode = c104.CommandMode.SELECT_AND_EXECUTE
        """
    @command_mode.setter
    def command_mode(self, value: CommandMode) -> None: ...
    @property
    def selected_by(self) -> int | None:
        """Originator address of the client that has selected this command of a server, or None."""
    @property
    def type(self) -> Type:
        """TypeID of the information object (IEC 60870-5-101, 7.2.1.1)."""

class Batch(metaclass=_Pybind11Type):
    """Monitoring points of one station and type that are sent together by Server.transmit_batch(), with the values that they have then.
    Any number of them: they fill as many ASDUs as they need. It may be sent again and again.

    >>> batch = c104.Batch(cause=c104.Cot.SPONTANEOUS, points=[point_1, point_2])
    """
    def __init__(self, cause: Cot, points: collections.abc.Sequence[Point] | None = None) -> None:
        """A batch that is sent with this cause: PERIODIC, BACKGROUND_SCAN, SPONTANEOUS, REQUEST, RETURN_INFO_REMOTE, RETURN_INFO_LOCAL,
        or one of an interrogation (20..41). transmit_batch() refuses any other. Raises ValueError as add_point() does.
        """
    def add_point(self, point: Point) -> None:
        """Add a point. Raises ValueError when the point is in already, is a command, has lost its station, or is of another
        station or type than the points that are in.

        >>> batch = c104.Batch(cause=c104.Cot.SPONTANEOUS)
        >>> batch.add_point(point_1)
        """
    @property
    def points(self) -> list[Point]:
        """The points, by address."""
    @property
    def cot(self) -> Cot:
        """Cause of transmission."""
    @property
    def common_address(self) -> int:
        """Common address of the points, 0 while there are none."""
    @property
    def originator_address(self) -> int:
        """Originator address, 0..255, default 0."""
    @originator_address.setter
    def originator_address(self, value: int) -> None: ...
    @property
    def has_points(self) -> bool:
        """Whether there are points."""
    @property
    def number_of_objects(self) -> int:
        """Number of points in the batch."""
    @property
    def is_negative(self) -> bool:
        """Always False: nothing of the kind is sent."""
    @property
    def is_test(self) -> bool:
        """Always False: nothing of the kind is sent."""
    @property
    def is_sequence(self) -> bool:
        """Whether the addresses of the points run on without a gap."""
    @property
    def type(self) -> Type | None:
        """TypeID of the points, None while there are none."""

class IncomingMessage(metaclass=_Pybind11Type):
    """A received ASDU, as callbacks get it. It stands at one of its information objects; see first() and next()."""
    def __init__(self, *args: typing.NoReturn, **kwargs: typing.NoReturn) -> None:
        """Not to be called: TypeError."""
    def first(self) -> None:
        """Go to the first information object; next() begins with it."""
    def next(self) -> bool:
        """Go to the next information object. Returns False, and stays, at the last one.

        >>> message.first()
        >>> while message.next():
        ...     print(message.io_address, message.info)
        """
    @property
    def cot(self) -> Cot:
        """Cause of transmission."""
    @property
    def common_address(self) -> int:
        """Common address, 0..65535."""
    @property
    def originator_address(self) -> int:
        """Originator address, 0..255."""
    @property
    def io_address(self) -> int:
        """Address of the information object at the position, 0..16777215."""
    @property
    def info(self) -> Information | None:
        """Information at the position, or None where the type has none."""
    @property
    def is_negative(self) -> bool:
        """P/N bit: a negative confirmation."""
    @property
    def is_select_command(self) -> bool:
        """S/E bit: a command that selects."""
    @property
    def is_sequence(self) -> bool:
        """SQ bit: one address, information elements of successive addresses."""
    @property
    def is_test(self) -> bool:
        """T bit: sent for a test."""
    @property
    def number_of_objects(self) -> int:
        """How many information objects the message has, 0..127."""
    @property
    def number_of_object(self) -> int:
        """Old name of number_of_objects."""
    @property
    def raw(self) -> bytes:
        """The message as an APDU; its sequence numbers are given as 0."""
    @property
    def raw_explain(self) -> str:
        """The message in words, as explain_bytes(message.raw) gives it."""
    @property
    def type(self) -> Type:
        """TypeID of the information object (IEC 60870-5-101, 7.2.1.1)."""

def explain_bytes(apdu: bytes) -> str:
    """One line that says what an APDU is. Any octets are taken; those that are no APDU give a
    line that begins with INVALID and says why.

    >>> c104.explain_bytes(bytes.fromhex('680407000000'))
    'U-Format | StartDT act'
    """

def explain_bytes_dict(apdu: bytes) -> dict[str, typing.Any]:
    """The fields of an APDU. Always has 'format': 'I', 'S', 'U', or 'INVALID' with the reason in 'problem'.

    >>> c104.explain_bytes_dict(bytes.fromhex('680407000000'))
    {'format': 'U', 'type': 'STARTDT', 'cot': 'ACT'}
    """

def set_debug_mode(mode: Debug) -> None:
    """Log debug lines of these parts, and of no others, through logging: level DEBUG, loggers c104.client, c104.server, c104.connection,
    c104.station, c104.point, c104.message, c104.callback, c104.gil. The lines come soon after what they tell of, and from another
    thread; how many did not find room is logged.

    >>> logging.basicConfig(level=logging.DEBUG)
    >>> c104.set_debug_mode(mode=c104.Debug.Client | c104.Debug.Connection)
    """

def get_debug_mode() -> Debug:
    """Parts whose debug lines are logged."""

def enable_debug(mode: Debug) -> None:
    """Log debug lines of these parts too.

    >>> c104.enable_debug(mode=c104.Debug.Callback)
    """

def disable_debug(mode: Debug) -> None:
    """Log no more debug lines of these parts.

    >>> c104.disable_debug(mode=c104.Debug.Callback)
    """
