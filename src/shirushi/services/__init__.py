"""The trust services, one shape each. A service knows another only through a port."""
