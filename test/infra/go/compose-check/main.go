// compose-check FILE... loads Compose files as Docker Compose does and prints what it refuses: unknown keys, undefined
// services, volumes and networks, conditions that no service can meet, variables that have to be set and are not in the
// .env.example beside the file. No Docker is needed.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
)

func main() {
	failed := false
	for _, file := range os.Args[1:] {
		for _, problem := range check(file) {
			fmt.Printf("%s: %s\n", file, problem)
			failed = true
		}
	}
	if failed {
		os.Exit(1)
	}
}

func check(file string) []string {
	options, err := cli.NewProjectOptions(
		[]string{file}, cli.WithEnv(exampleEnvironment(file)), cli.WithProfiles([]string{"*"}), cli.WithName("candlecast"),
	)
	if err != nil {
		return []string{err.Error()}
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		return []string{err.Error()}
	}
	var problems []string
	for _, service := range project.Services {
		for name, dependency := range service.DependsOn {
			if dependency.Condition == types.ServiceConditionHealthy && !hasHealthcheck(project, name) {
				problems = append(problems, fmt.Sprintf("%s waits until %s is healthy, which has no healthcheck", service.Name, name))
			}
		}
		for _, port := range service.Ports {
			if port.HostIP == "" || port.HostIP == "0.0.0.0" {
				problems = append(problems, fmt.Sprintf("%s publishes port %s on every address of the machine", service.Name, port.Published))
			}
		}
	}
	return problems
}

// The variables of .env.example; what an operator has to fill in there counts as filled in.
func exampleEnvironment(file string) []string {
	text, err := os.ReadFile(filepath.Join(filepath.Dir(file), ".env.example"))
	if err != nil {
		return nil
	}
	var environment []string
	for _, line := range strings.Split(string(text), "\n") {
		name, value, found := strings.Cut(strings.TrimSpace(line), "=")
		if !found || strings.HasPrefix(name, "#") {
			continue
		}
		if value == "" {
			value = "filled-in"
		}
		environment = append(environment, name+"="+value)
	}
	return environment
}

// An image may bring a healthcheck along; of one that is built here we know only what the file says.
func hasHealthcheck(project *types.Project, name string) bool {
	service, err := project.GetService(name)
	return err == nil && (service.HealthCheck != nil && !service.HealthCheck.Disable || service.Build != nil)
}
