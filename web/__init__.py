"""Pages and the API (网页与接口): the use cases of the program for people at their own desks."""
