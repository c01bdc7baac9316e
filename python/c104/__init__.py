# SPDX-License-Identifier: GPL-3.0-or-later
"""IEC 60870-5-104 for Python: controlling stations (Client) and controlled stations (Server).

>>> server = c104.Server(ip="127.0.0.1", port=2404)
>>> point = server.add_station(common_address=1).add_point(io_address=11, type=c104.Type.M_ME_NC_1)
>>> point.value = 12.5
>>> server.start()
>>> client = c104.Client()
>>> connection = client.add_connection(ip="127.0.0.1", port=2404)
>>> client.start()

Besides the classes below there are explain_bytes() and explain_bytes_dict(), which say what octets from the wire mean; set_debug_mode(),
get_debug_mode(), enable_debug() and disable_debug(); and Snapshot, which Station.snapshot() makes. `from c104 import *` takes the classes only.
"""

from . import _core
from ._core import Snapshot as Snapshot
from ._core import __lib60870_version__ as __lib60870_version__
from ._core import __mbedtls_version__ as __mbedtls_version__
from ._core import __version__ as __version__
from ._core import _ArgumentError as _ArgumentError  # named as tracebacks and pickles do
from ._core import _RangeError as _RangeError
from ._core import disable_debug as disable_debug
from ._core import enable_debug as enable_debug
from ._core import explain_bytes as explain_bytes
from ._core import explain_bytes_dict as explain_bytes_dict
from ._core import get_debug_mode as get_debug_mode
from ._core import set_debug_mode as set_debug_mode

__all__ = [
    "Type", "Cot", "Qoc", "Umc", "Init", "ConnectionState", "ResponseState", "CommandMode", "Qoi", "Rqt", "Frz", "Coi", "Step",
    "EventState", "Double", "TlsVersion", "TlsCipher", "Debug", "Quality", "BinaryCounterQuality", "TimeQuality", "StartEvents",
    "OutputCircuits", "PackedSingle", "UInt5", "UInt7", "UInt16", "Int7", "Int16", "NormalizedFloat", "Byte32",
    "ProtocolParameters", "TransportSecurity", "Client", "Server", "Connection", "ServerConnection", "Station", "Point", "Information", "SingleInfo",
    "SingleCmd", "DoubleInfo", "DoubleCmd", "StepInfo", "StepCmd", "BinaryInfo", "BinaryCmd", "NormalizedInfo", "NormalizedCmd",
    "ScaledInfo", "ScaledCmd", "ShortInfo", "ShortCmd", "BinaryCounterInfo", "ProtectionEventInfo", "ProtectionStartInfo",
    "ProtectionCircuitInfo", "StatusAndChanged", "IncomingMessage", "Batch", "PeerCertificate",
]  # fmt: skip

globals().update({name: getattr(_core, name) for name in __all__})
