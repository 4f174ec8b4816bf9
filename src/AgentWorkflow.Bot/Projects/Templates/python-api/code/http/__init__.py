"""HTTP: requests, responses, problems, routes and the development server."""
