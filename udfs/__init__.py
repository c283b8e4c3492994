"""The worksheet functions, and the hosts that offer them."""
