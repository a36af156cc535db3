// The official Go SDK. Runs the task of the first argument and prints the results as JSON.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

type server struct {
	Name    string            `json:"name"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers"`
}

type step struct {
	Server    string         `json:"server"`
	Tool      string         `json:"tool"`
	Arguments map[string]any `json:"arguments"`
}

type task struct {
	Servers []server `json:"servers"`
	Steps   []step   `json:"steps"`
}

// withHeaders adds a server's headers to every request.
type withHeaders map[string]string

func (headers withHeaders) RoundTrip(request *http.Request) (*http.Response, error) {
	request = request.Clone(request.Context())
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	return http.DefaultTransport.RoundTrip(request)
}

func answerForm(context.Context, *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
	return &mcp.ElicitResult{Action: "accept", Content: map[string]any{"name": "Ada"}}, nil
}

func connect(ctx context.Context, to server) (*mcp.ClientSession, error) {
	options := &mcp.ClientOptions{ElicitationHandler: answerForm}
	client := mcp.NewClient(&mcp.Implementation{Name: "lab", Version: "1.0.0"}, options)
	transport := &mcp.StreamableClientTransport{
		Endpoint:   to.URL,
		HTTPClient: &http.Client{Transport: withHeaders(to.Headers)},
	}
	return client.Connect(ctx, transport, nil)
}

func call(ctx context.Context, session *mcp.ClientSession, wanted step) string {
	result, err := session.CallTool(ctx, &mcp.CallToolParams{Name: wanted.Tool, Arguments: wanted.Arguments})
	if err != nil {
		return err.Error()
	}
	text, _ := json.Marshal(result.Content)
	return string(text)
}

func use(ctx context.Context, to server, steps []step, results []*string) error {
	session, err := connect(ctx, to)
	if err != nil {
		return err
	}
	defer session.Close()
	for _, err := range session.Tools(ctx, nil) {
		if err != nil {
			return err
		}
	}
	for index, wanted := range steps {
		if wanted.Server == to.Name {
			text := call(ctx, session, wanted)
			results[index] = &text
		}
	}
	return nil
}

func main() {
	var given task
	if err := json.Unmarshal([]byte(os.Args[1]), &given); err != nil {
		panic(err)
	}
	results := make([]*string, len(given.Steps))
	for _, to := range given.Servers {
		if err := use(context.Background(), to, given.Steps, results); err != nil {
			for index, wanted := range given.Steps {
				if text := err.Error(); wanted.Server == to.Name && results[index] == nil {
					results[index] = &text
				}
			}
		}
	}
	text, _ := json.Marshal(results)
	fmt.Printf("\n%s\n", text)
}
