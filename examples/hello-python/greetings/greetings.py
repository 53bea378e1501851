"""What functions share."""


def greet(name):
    return f"hello {name}"
