module chatserver

go 1.26.0
