"""Tests of the second derivation: small subjects worked by hand from the protocol, each limit at its edge."""
