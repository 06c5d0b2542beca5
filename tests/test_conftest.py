"""The tests' own guard: another machine is out of reach, this one is not."""

import socket

import pytest


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.org", 443)])
def test_another_machine_is_out_of_reach(address: tuple[str, int]) -> None:
    with pytest.raises(OSError, match="tests run offline"):
        socket.create_connection(address, timeout=1)
    with socket.socket() as caller, pytest.raises(OSError, match="tests run offline"):
        caller.connect_ex(address)


def test_this_machine_is_in_reach() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()
