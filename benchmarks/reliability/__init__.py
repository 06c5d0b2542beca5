"""Break it in every way that is promised to hold; each row is a module with `run(quick, seed)`."""
