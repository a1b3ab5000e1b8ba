"""Networks (RFC 4632, RFC 4291): their one spelling, and which addresses they hold."""

from ipaddress import IPv6Address, ip_address, ip_network

from llm_config_domain.errors import Malformed


def normal(text: str) -> str:
    """A network that a client wrote, as we keep it. Raises Malformed: also for one with host bits set, which may mean
    another network than the one that its writer had in mind."""
    try:
        if "%" not in text:
            return str(ip_network(text))
    except ValueError:
        pass
    raise Malformed("a network is written as 192.0.2.0/24 or 2001:db8::/32, with no bits beyond its length")


def holds_address(network: str, address: str) -> bool:
    """Is `address` in `network`? Text that is no address is in none; an IPv4 address written as IPv6 is itself."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return found in ip_network(network)
