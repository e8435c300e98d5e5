/** ONNX's own protocol buffers, for tests that change a file. */
import proto from 'onnx-proto'

export const onnxProto = proto.onnx
