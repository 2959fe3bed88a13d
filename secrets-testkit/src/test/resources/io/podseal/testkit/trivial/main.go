// SPDX-License-Identifier: Apache-2.0

// Package main is the least that Go builds.
package main

import "os"

func main() {
	os.Stdout.WriteString("built\n")
}
