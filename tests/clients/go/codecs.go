package main

import (
	"context"
	"encoding/json"

	"github.com/bufbuild/protocompile"
	"github.com/twmb/avro"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

// source is the text of a schema, and by name of what it refers to.
type source struct {
	schema  string
	imports map[string]string
}

// codec turns values into bytes with one schema, and bytes of that schema into values of another.
type codec struct {
	encode func(any) ([]byte, error)
	decode func([]byte, any) error
}

func avroCodec(from, to source) (codec, error) {
	writer, err := parseAvro(from)
	if err != nil {
		return codec{}, err
	}
	reader, err := parseAvro(to)
	if err != nil {
		return codec{}, err
	}
	resolved, err := avro.Resolve(writer, reader)
	if err != nil {
		return codec{}, err
	}
	return codec{
		encode: func(value any) ([]byte, error) { return writer.Encode(value) },
		decode: func(bytes []byte, value any) error {
			_, err := resolved.Decode(bytes, value)
			return err
		},
	}, nil
}

func parseAvro(text source) (*avro.Schema, error) {
	var known avro.SchemaCache
	for _, imported := range text.imports {
		if _, err := known.Parse(imported); err != nil {
			return nil, err
		}
	}
	return known.Parse(text.schema)
}

func jsonCodec(_, _ source) (codec, error) {
	return codec{encode: json.Marshal, decode: json.Unmarshal}, nil
}

func protobufCodec(from, _ source) (codec, error) {
	message, err := compileProtobuf(from)
	if err != nil {
		return codec{}, err
	}
	return codec{
		encode: func(value any) ([]byte, error) {
			document, err := json.Marshal(value)
			if err != nil {
				return nil, err
			}
			built := dynamicpb.NewMessage(message)
			if err := protojson.Unmarshal(document, built); err != nil {
				return nil, err
			}
			return proto.Marshal(built)
		},
		decode: func(bytes []byte, value any) error {
			built := dynamicpb.NewMessage(message)
			if err := proto.Unmarshal(bytes, built); err != nil {
				return err
			}
			document, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(built)
			if err != nil {
				return err
			}
			return json.Unmarshal(document, value)
		},
	}, nil
}

func compileProtobuf(text source) (protoreflect.MessageDescriptor, error) {
	files := map[string]string{"order.proto": text.schema}
	for name, imported := range text.imports {
		files[name] = imported
	}
	compiler := protocompile.Compiler{
		Resolver: &protocompile.SourceResolver{Accessor: protocompile.SourceAccessorFromMap(files)},
	}
	compiled, err := compiler.Compile(context.Background(), "order.proto")
	if err != nil {
		return nil, err
	}
	return compiled[0].Messages().ByName("Order"), nil
}
