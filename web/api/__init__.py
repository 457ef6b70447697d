"""The API `/api/v1` (接口): the same functions as the pages, as JSON."""
