"""Which addresses are public."""

import pytest

from ingest.web.address import is_public

PUBLIC = """
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 172.15.255.255 172.32.0.0
192.0.1.0 198.17.255.255 198.20.0.0 223.255.255.255 168.63.129.17 ::ffff:8.8.8.8
64:ff9b::808:808 2606:4700::1111 2a00:1450:4001::1 2001:200::1
"""
OTHERS = """
0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 169.254.0.1
169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1 192.88.99.1 192.168.1.1
198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.250 240.0.0.1
255.255.255.255 168.63.129.16
:: ::1 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254
::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::808:808 100::1 2001::1
2001:0:7f00:1:: 2001:10::1 2001:db8::1 2002:7f00:1:: 2002:808:808:: 3fff::1 5f00::1
fc00::1 fd00:ec2::254 fd12:3456::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1 ff0e::1 4000::1
"""


@pytest.mark.parametrize("address", PUBLIC.split())
def test_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", OTHERS.split())
def test_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("name", ["example.org", "", "127.1", "0x7f000001", "2130706433"])
def test_no_address(name: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        is_public(name)
