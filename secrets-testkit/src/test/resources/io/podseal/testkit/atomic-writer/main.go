// SPDX-License-Identifier: Apache-2.0

// Writes a volume by Kubernetes' own atomic writer: atomic-writer <directory> <octal mode>, with the items as a JSON object
// of paths and base64 texts on its standard input.
package main

import (
	"encoding/json"
	"log"
	"os"
	"strconv"

	"k8s.io/kubernetes/pkg/volume/util"
)

func main() {
	mode, err := strconv.ParseInt(os.Args[2], 8, 32)
	check(err)
	var items map[string][]byte
	check(json.NewDecoder(os.Stdin).Decode(&items))
	payload := map[string]util.FileProjection{}
	for path, data := range items {
		payload[path] = util.FileProjection{Data: data, Mode: int32(mode)}
	}
	writer, err := util.NewAtomicWriter(os.Args[1], "podseal-testkit")
	check(err)
	check(writer.Write(payload, nil))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
