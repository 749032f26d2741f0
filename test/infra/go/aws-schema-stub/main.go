// A stand-in for Terraform's AWS provider where no registry of providers can be reached. It has the real provider's schema
// (schema.json beside it, made by extract-aws-schema.mjs) and talks to nothing: what the provider would compute is unknown
// in a plan and invented in an apply. It shows misspelt, missing and mistyped arguments, unknown types and broken
// references. It knows no allowed values, no ARN formats, and nothing of what AWS refuses.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5/tf5server"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

type attribute struct {
	Type     json.RawMessage `json:"type"`
	Computed bool            `json:"computed"`
	Optional bool            `json:"optional"`
	Required bool            `json:"required"`
}

type nestedBlock struct {
	Nesting string `json:"nesting_mode"`
	Block   *block `json:"block"`
	Min     int64  `json:"min_items"`
	Max     int64  `json:"max_items"`
}

type block struct {
	Attributes map[string]attribute    `json:"attributes"`
	Blocks     map[string]*nestedBlock `json:"block_types"`
}

type document struct {
	Provider  *block            `json:"provider"`
	Resources map[string]*block `json:"resources"`
	Data      map[string]*block `json:"data"`
}

// A type as Terraform writes it in JSON: "string", or ["list", "string"], or ["object", {...}].
func typeOf(raw json.RawMessage) tftypes.Type {
	var name string
	if json.Unmarshal(raw, &name) == nil {
		switch name {
		case "number":
			return tftypes.Number
		case "bool":
			return tftypes.Bool
		}
		return tftypes.String
	}
	var parts []json.RawMessage
	if err := json.Unmarshal(raw, &parts); err != nil || len(parts) != 2 {
		log.Fatalf("not a type: %s", raw)
	}
	_ = json.Unmarshal(parts[0], &name)
	switch name {
	case "list":
		return tftypes.List{ElementType: typeOf(parts[1])}
	case "set":
		return tftypes.Set{ElementType: typeOf(parts[1])}
	case "map":
		return tftypes.Map{ElementType: typeOf(parts[1])}
	}
	var fields map[string]json.RawMessage
	_ = json.Unmarshal(parts[1], &fields)
	types := map[string]tftypes.Type{}
	for field, fieldType := range fields {
		types[field] = typeOf(fieldType)
	}
	return tftypes.Object{AttributeTypes: types}
}

var nestings = map[string]tfprotov5.SchemaNestedBlockNestingMode{
	"list":   tfprotov5.SchemaNestedBlockNestingModeList,
	"set":    tfprotov5.SchemaNestedBlockNestingModeSet,
	"map":    tfprotov5.SchemaNestedBlockNestingModeMap,
	"single": tfprotov5.SchemaNestedBlockNestingModeSingle,
}

func (b *block) schemaBlock() *tfprotov5.SchemaBlock {
	made := &tfprotov5.SchemaBlock{}
	for name, a := range b.Attributes {
		made.Attributes = append(made.Attributes, &tfprotov5.SchemaAttribute{
			Name: name, Type: typeOf(a.Type), Computed: a.Computed, Optional: a.Optional, Required: a.Required,
		})
	}
	for name, nested := range b.Blocks {
		each := &tfprotov5.SchemaNestedBlock{TypeName: name, Block: nested.Block.schemaBlock(), Nesting: nestings[nested.Nesting]}
		if nested.Nesting == "list" || nested.Nesting == "set" {
			each.MinItems, each.MaxItems = nested.Min, nested.Max
		}
		made.BlockTypes = append(made.BlockTypes, each)
	}
	return made
}

func (b *block) schema() *tfprotov5.Schema { return &tfprotov5.Schema{Block: b.schemaBlock()} }

func (b *block) decode(value *tfprotov5.DynamicValue) (tftypes.Type, tftypes.Value, error) {
	t := b.schema().ValueType()
	v, err := value.Unmarshal(t)
	return t, v, err
}

// withComputed puts made(name, type) where the provider would compute a value, in this block and those nested in it.
func (b *block) withComputed(v tftypes.Value, made func(string, tftypes.Type) any) tftypes.Value {
	if v.IsNull() || !v.IsKnown() {
		return v
	}
	fields := map[string]tftypes.Value{}
	_ = v.As(&fields)
	types := v.Type().(tftypes.Object).AttributeTypes
	for name, a := range b.Attributes {
		if given := fields[name]; a.Computed && (given.IsNull() || !given.IsKnown()) {
			fields[name] = tftypes.NewValue(types[name], made(name, types[name]))
		}
	}
	for name, nested := range b.Blocks {
		given := fields[name]
		if given.IsNull() || !given.IsKnown() || nested.Nesting == "map" {
			continue
		}
		if nested.Nesting == "single" {
			fields[name] = nested.Block.withComputed(given, made)
			continue
		}
		var items []tftypes.Value
		_ = given.As(&items)
		for i := range items {
			items[i] = nested.Block.withComputed(items[i], made)
		}
		fields[name] = tftypes.NewValue(given.Type(), items)
	}
	return tftypes.NewValue(v.Type(), fields)
}

func unknown(string, tftypes.Type) any { return tftypes.UnknownValue }

func invented(name string, t tftypes.Type) any {
	switch {
	case t.Is(tftypes.String):
		return "stub-" + name
	case t.Is(tftypes.Number):
		return 0
	case t.Is(tftypes.Bool):
		return false
	}
	switch of := t.(type) {
	case tftypes.List:
		return []tftypes.Value{tftypes.NewValue(of.ElementType, invented(name, of.ElementType))}
	case tftypes.Set:
		return []tftypes.Value{tftypes.NewValue(of.ElementType, invented(name, of.ElementType))}
	case tftypes.Map:
		return map[string]tftypes.Value{}
	case tftypes.Object:
		fields := map[string]tftypes.Value{}
		for field, fieldType := range of.AttributeTypes {
			fields[field] = tftypes.NewValue(fieldType, invented(field, fieldType))
		}
		return fields
	}
	return nil
}

// What isn't overridden is not asked for by validate, plan and test.
type provider struct {
	tfprotov5.ProviderServer
	document
}

func (p *provider) GetMetadata(context.Context, *tfprotov5.GetMetadataRequest) (*tfprotov5.GetMetadataResponse, error) {
	answer := &tfprotov5.GetMetadataResponse{ServerCapabilities: &tfprotov5.ServerCapabilities{GetProviderSchemaOptional: true}}
	for name := range p.Resources {
		answer.Resources = append(answer.Resources, tfprotov5.ResourceMetadata{TypeName: name})
	}
	for name := range p.Data {
		answer.DataSources = append(answer.DataSources, tfprotov5.DataSourceMetadata{TypeName: name})
	}
	return answer, nil
}

func (p *provider) GetProviderSchema(context.Context, *tfprotov5.GetProviderSchemaRequest) (*tfprotov5.GetProviderSchemaResponse, error) {
	answer := &tfprotov5.GetProviderSchemaResponse{
		Provider:          p.Provider.schema(),
		ResourceSchemas:   map[string]*tfprotov5.Schema{},
		DataSourceSchemas: map[string]*tfprotov5.Schema{},
	}
	for name, b := range p.Resources {
		answer.ResourceSchemas[name] = b.schema()
	}
	for name, b := range p.Data {
		answer.DataSourceSchemas[name] = b.schema()
	}
	return answer, nil
}

func (p *provider) GetResourceIdentitySchemas(context.Context, *tfprotov5.GetResourceIdentitySchemasRequest) (*tfprotov5.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov5.GetResourceIdentitySchemasResponse{}, nil
}

func (p *provider) GetFunctions(context.Context, *tfprotov5.GetFunctionsRequest) (*tfprotov5.GetFunctionsResponse, error) {
	return &tfprotov5.GetFunctionsResponse{}, nil
}

func (p *provider) PrepareProviderConfig(_ context.Context, r *tfprotov5.PrepareProviderConfigRequest) (*tfprotov5.PrepareProviderConfigResponse, error) {
	return &tfprotov5.PrepareProviderConfigResponse{PreparedConfig: r.Config}, nil
}

func (p *provider) ConfigureProvider(context.Context, *tfprotov5.ConfigureProviderRequest) (*tfprotov5.ConfigureProviderResponse, error) {
	return &tfprotov5.ConfigureProviderResponse{}, nil
}

func (p *provider) StopProvider(context.Context, *tfprotov5.StopProviderRequest) (*tfprotov5.StopProviderResponse, error) {
	return &tfprotov5.StopProviderResponse{}, nil
}

func (p *provider) ValidateResourceTypeConfig(context.Context, *tfprotov5.ValidateResourceTypeConfigRequest) (*tfprotov5.ValidateResourceTypeConfigResponse, error) {
	return &tfprotov5.ValidateResourceTypeConfigResponse{}, nil
}

func (p *provider) ValidateDataSourceConfig(context.Context, *tfprotov5.ValidateDataSourceConfigRequest) (*tfprotov5.ValidateDataSourceConfigResponse, error) {
	return &tfprotov5.ValidateDataSourceConfigResponse{}, nil
}

func (p *provider) UpgradeResourceState(_ context.Context, r *tfprotov5.UpgradeResourceStateRequest) (*tfprotov5.UpgradeResourceStateResponse, error) {
	t := p.Resources[r.TypeName].schema().ValueType()
	v, err := r.RawState.Unmarshal(t)
	if err != nil {
		return nil, err
	}
	state, err := tfprotov5.NewDynamicValue(t, v)
	return &tfprotov5.UpgradeResourceStateResponse{UpgradedState: &state}, err
}

func (p *provider) ReadResource(_ context.Context, r *tfprotov5.ReadResourceRequest) (*tfprotov5.ReadResourceResponse, error) {
	return &tfprotov5.ReadResourceResponse{NewState: r.CurrentState, Private: r.Private}, nil
}

func (p *provider) PlanResourceChange(_ context.Context, r *tfprotov5.PlanResourceChangeRequest) (*tfprotov5.PlanResourceChangeResponse, error) {
	b := p.Resources[r.TypeName]
	t, v, err := b.decode(r.ProposedNewState)
	if err != nil {
		return nil, err
	}
	if v.IsNull() {
		return &tfprotov5.PlanResourceChangeResponse{PlannedState: r.ProposedNewState}, nil
	}
	state, err := tfprotov5.NewDynamicValue(t, b.withComputed(v, unknown))
	return &tfprotov5.PlanResourceChangeResponse{PlannedState: &state, UnsafeToUseLegacyTypeSystem: true}, err
}

func (p *provider) ApplyResourceChange(_ context.Context, r *tfprotov5.ApplyResourceChangeRequest) (*tfprotov5.ApplyResourceChangeResponse, error) {
	b := p.Resources[r.TypeName]
	t, v, err := b.decode(r.PlannedState)
	if err != nil {
		return nil, err
	}
	state, err := tfprotov5.NewDynamicValue(t, b.withComputed(v, invented))
	return &tfprotov5.ApplyResourceChangeResponse{NewState: &state, UnsafeToUseLegacyTypeSystem: true}, err
}

func (p *provider) ReadDataSource(_ context.Context, r *tfprotov5.ReadDataSourceRequest) (*tfprotov5.ReadDataSourceResponse, error) {
	b := p.Data[r.TypeName]
	t, v, err := b.decode(r.Config)
	if err != nil {
		return nil, err
	}
	state, err := tfprotov5.NewDynamicValue(t, b.withComputed(v, invented))
	return &tfprotov5.ReadDataSourceResponse{State: &state}, err
}

func load() (document, error) {
	var d document
	self, err := os.Executable()
	if err != nil {
		return d, err
	}
	file := filepath.Join(filepath.Dir(self), "schema.json")
	raw, err := os.ReadFile(file)
	if err != nil {
		return d, err
	}
	if err := json.Unmarshal(raw, &d); err != nil {
		return d, fmt.Errorf("%s: %w", file, err)
	}
	if wanted := os.Getenv("AWS_STUB_TYPES"); wanted != "" {
		d.Resources, d.Data = only(d.Resources, wanted), only(d.Data, wanted)
	}
	return d, nil
}

// Terraform asks for the whole schema in each run, and the whole one takes it a second.
func only(blocks map[string]*block, wanted string) map[string]*block {
	kept := map[string]*block{}
	for _, name := range strings.Split(wanted, ",") {
		if b, ok := blocks[name]; ok {
			kept[name] = b
		}
	}
	return kept
}

func main() {
	d, err := load()
	if err != nil {
		log.Fatal(err)
	}
	server := func() tfprotov5.ProviderServer { return &provider{document: d} }
	if err := tf5server.Serve("registry.terraform.io/hashicorp/aws", server); err != nil {
		log.Fatal(err)
	}
}
