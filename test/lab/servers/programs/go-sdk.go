// A server of the official Go SDK with the tools of the lab.
package main

import (
	"context"
	"encoding/json"
	"log"
	"net/http"
	"os"
	"strconv"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

type nothing struct{}

type echoInput struct {
	Text string `json:"text"`
}

var (
	guard  sync.Mutex
	counts = map[string]int{}
)

func said(text string) *mcp.CallToolResult {
	return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: text}}}
}

func count(_ context.Context, request *mcp.CallToolRequest, _ nothing) (*mcp.CallToolResult, any, error) {
	guard.Lock()
	defer guard.Unlock()
	counts[request.Session.ID()]++
	return said(strconv.Itoa(counts[request.Session.ID()])), nil, nil
}

func ask(ctx context.Context, request *mcp.CallToolRequest, _ nothing) (*mcp.CallToolResult, any, error) {
	schema := map[string]any{"type": "object", "properties": map[string]any{"sure": map[string]any{"type": "boolean"}}}
	answer, err := request.Session.Elicit(ctx, &mcp.ElicitParams{Message: "Really?", RequestedSchema: schema})
	if err != nil {
		return nil, nil, err
	}
	text, err := json.Marshal(answer)
	return said(string(text)), nil, err
}

func main() {
	options := &mcp.ServerOptions{Instructions: "Instructions of the Go server"}
	server := mcp.NewServer(&mcp.Implementation{Name: "go-lab", Version: "1.0.0"}, options)
	mcp.AddTool(server, &mcp.Tool{Name: "echo"}, func(_ context.Context, _ *mcp.CallToolRequest, in echoInput) (*mcp.CallToolResult, any, error) {
		return said(in.Text), nil, nil
	})
	mcp.AddTool(server, &mcp.Tool{Name: "count"}, count)
	mcp.AddTool(server, &mcp.Tool{Name: "ask"}, ask)
	note := &mcp.Resource{Name: "note", URI: "note://one", MIMEType: "text/plain"}
	server.AddResource(note, func(context.Context, *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
		one := &mcp.ResourceContents{URI: note.URI, MIMEType: note.MIMEType, Text: "a note"}
		return &mcp.ReadResourceResult{Contents: []*mcp.ResourceContents{one}}, nil
	})
	greet := &mcp.Prompt{Name: "greet", Arguments: []*mcp.PromptArgument{{Name: "who", Required: true}}}
	server.AddPrompt(greet, func(_ context.Context, request *mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
		text := &mcp.TextContent{Text: "Hello " + request.Params.Arguments["who"]}
		return &mcp.GetPromptResult{Messages: []*mcp.PromptMessage{{Role: "user", Content: text}}}, nil
	})
	handler := mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server }, nil)
	http.Handle("/mcp", handler)
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}
