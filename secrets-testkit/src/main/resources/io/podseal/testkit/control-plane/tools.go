// SPDX-License-Identifier: Apache-2.0

//go:build tools

// Package controlplane pins the programs that a control plane for tests is made of.
package controlplane

import (
	_ "go.etcd.io/etcd/server/v3"
	_ "k8s.io/kubernetes/cmd/kube-apiserver"
	_ "k8s.io/kubernetes/cmd/kubectl"
)
