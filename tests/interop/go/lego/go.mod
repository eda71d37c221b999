module example.invalid/lego

go 1.24.0

require github.com/go-acme/lego/v4 v4.25.2
