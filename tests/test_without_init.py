# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects whose __init__() has not run, and pickle: TypeError, whatever is done. In processes of their own, which it used to end."""

from __future__ import annotations

import subprocess
import sys
import textwrap


def run(code: str) -> None:
    program = (
        "import copy, inspect, pickle, signal\nimport c104\nsignal.alarm(60)\n"
        + textwrap.dedent("""
        def refused(call, texts):
            try:
                call()
            except TypeError as error:
                assert any(text in str(error) for text in ([texts] if isinstance(texts, str) else texts)), error
            else:
                raise AssertionError("no TypeError")

        classes = [one for one in vars(c104).values() if isinstance(one, type) and type(one).__name__ == "pybind11_type"]
        assert len(classes) > 60
        """)
        + textwrap.dedent(code)
        + "\nprint('done')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=100, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "done"), done.stderr[-2000:]


def test_methods_before_init() -> None:
    run("""
    def uses(cls, use):
        class Own(cls):
            def __init__(self):
                use(self)
                super().__init__()
        # That of the class that has the method.
        names = [base.__name__ for base in cls.__mro__ if base in classes]
        refused(Own, [f"c104.{name}.__init__() has not run: call super().__init__() before using the object" for name in names])

    uses(c104.Server, lambda self: self.add_station(1))
    uses(c104.Server, lambda self: self.start())
    uses(c104.Server, lambda self: setattr(self, "max_connections", 5))
    uses(c104.Server, lambda self: self.on_connect(callable=None))
    uses(c104.Server, repr)
    uses(c104.Client, lambda self: self.add_connection(ip="127.0.0.1"))
    uses(c104.Client, lambda self: self.start())
    uses(c104.Client, lambda self: setattr(self, "originator_address", 5))
    uses(c104.TransportSecurity, lambda self: self.set_version(min=c104.TlsVersion.TLS_1_2))
    uses(c104.TransportSecurity, lambda self: self.set_ca_certificate(cert="nowhere"))
    uses(c104.TransportSecurity, lambda self: c104.Client(transport_security=self))
    uses(c104.Batch, repr)
    uses(c104.Int7, lambda self: self + 1)
    uses(c104.SingleInfo, lambda self: self.value)
    uses(c104.SingleInfo, lambda self: self.is_readonly)
    uses(c104.Quality, lambda self: self | c104.Quality.Invalid)
    """)


def test_init_that_never_runs() -> None:
    run("""
    class Own(c104.Server):
        def __init__(self):
            pass
    refused(Own, "__init__")
    """)


def test_objects_of_new_alone() -> None:
    run("""
    for cls in classes:
        made = cls.__new__(cls)
        text = [f"c104.{base.__name__}.__init__() has not run" for base in cls.__mro__ if base in classes]
        if cls.__repr__ is not object.__repr__:
            refused(lambda: repr(made), text)
        for name, attribute in inspect.getmembers(cls):
            if isinstance(attribute, property):
                refused(lambda: getattr(made, name), text)
            elif not name.startswith("_") and type(attribute).__name__ == "instancemethod":
                refused(lambda: getattr(made, name)(), "")
    """)


def test_subclasses_that_run_it_first_work() -> None:
    run("""
    class Mixin:
        pass
    class Own(Mixin, c104.Server):
        def __init__(self):
            super().__init__(ip="127.0.0.1", port=0)
            self.max_connections = 5
            self.add_station(1)
    own = Own()
    own.start()
    assert own.max_connections == 5 and own.is_running
    own.stop()
    """)


def test_the_common_base_class() -> None:
    run("""
    base = c104.Client.__base__
    refused(base, "")
    class Own(base):
        pass
    refused(Own, "")
    class Both(c104.Client):
        pass
    assert not Both().is_running
    """)


def test_pickle_and_copy_of_what_cannot() -> None:
    run("""
    objects = [c104.Client(), c104.Server(ip="127.0.0.1", port=0), c104.TransportSecurity(), c104.Server(port=0).add_station(1)]
    objects.append(objects[-1].add_point(io_address=1, type=c104.Type.M_SP_NA_1))
    for one in objects:
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            refused(lambda: pickle.dumps(one, protocol), "cannot pickle")
        refused(lambda: copy.copy(one), "cannot pickle")
        refused(lambda: copy.deepcopy(one), "cannot pickle")
    for cls in classes:
        refused(lambda: pickle.dumps(cls.__new__(cls), 0), "")
    """)


def test_pickle_and_copy_of_enumerations_and_flags() -> None:
    run("""
    for one in (c104.Qoc.NONE, c104.Type.M_SP_NA_1, c104.Quality.Invalid | c104.Quality.Blocked, c104.TlsVersion.TLS_1_2):
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            assert pickle.loads(pickle.dumps(one, protocol)) == one
        assert copy.copy(one) == one and copy.deepcopy(one) == one
    """)


def test_pickle_as_a_subclass_says() -> None:
    run("""
    class Own(c104.Client):
        def __reduce__(self):
            return (Own, ())
    globals()["Own"] = Own
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert type(pickle.loads(pickle.dumps(Own(), protocol))) is Own
    """)
