//go:build tools

// Package tools pins the Temporal CLI, so that `go build` can make the `temporal` binary on a machine that
// reaches Go modules but not Temporal's own download host.
package tools

import _ "github.com/temporalio/cli/cmd/temporal"
