# SPDX-License-Identifier: GPL-3.0-or-later
"""IEC 60870-5-104 for Python: controlling stations (Client) and controlled stations (Server)."""

from . import _core
from ._core import (
    __lib60870_version__ as __lib60870_version__,
)
from ._core import (
    __mbedtls_version__ as __mbedtls_version__,
)
from ._core import (
    __version__ as __version__,
)

__all__ = [
    "Type", "Cot", "Qoc", "Umc", "Init", "ConnectionState", "ResponseState", "CommandMode", "Qoi", "Rqt", "Frz", "Coi", "Step",
    "EventState", "Double", "TlsVersion", "TlsCipher", "Debug", "Quality", "BinaryCounterQuality", "StartEvents",
    "OutputCircuits", "PackedSingle", "UInt5", "UInt7", "UInt16", "Int7", "Int16", "NormalizedFloat", "Byte32",
    "ProtocolParameters", "TransportSecurity", "Client", "Server", "Connection", "Station", "Point", "Information", "SingleInfo",
    "SingleCmd", "DoubleInfo", "DoubleCmd", "StepInfo", "StepCmd", "BinaryInfo", "BinaryCmd", "NormalizedInfo", "NormalizedCmd",
    "ScaledInfo", "ScaledCmd", "ShortInfo", "ShortCmd", "BinaryCounterInfo", "ProtectionEventInfo", "ProtectionStartInfo",
    "ProtectionCircuitInfo", "StatusAndChanged", "IncomingMessage", "Batch",
]  # fmt: skip

globals().update({name: getattr(_core, name) for name in __all__})

explain_bytes = _core.explain_bytes
explain_bytes_dict = _core.explain_bytes_dict
set_debug_mode = _core.set_debug_mode
get_debug_mode = _core.get_debug_mode
enable_debug = _core.enable_debug
disable_debug = _core.disable_debug

del _core
