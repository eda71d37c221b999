module example.invalid/est
go 1.22
require github.com/globalsign/est v1.0.6
