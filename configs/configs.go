// Package configs holds the files that are deployed. Programs and tests that start these servers
// take them from here, so what was tested is what is deployed.
package configs

import _ "embed"

// MySQL is the configuration of a MariaDB or MySQL server.
//
//go:embed mysql.cnf
var MySQL string

// Redis is the configuration of a Redis server.
//
//go:embed redis.conf
var Redis string

// Nginx is the configuration of nginx.
//
//go:embed nginx.conf
var Nginx string
