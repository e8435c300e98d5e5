/** The kernel as the threads call it. */

/** What each build exports; kernel/*.ts say what the parameters mean. Addresses are bytes from the start of the memory. */
export interface KernelFunctions {
  scanPacked(top: number, blocks: number, groups: number, query: number, out: number, scratch: number): number
  scanFlat(top: number, bottom: number, blocks: number, groups: number, query: number, out: number, scratch: number): number
  scanBatch(
    top: number,
    blocks: number,
    groups: number,
    queries: number,
    stride: number,
    count: number,
    quads: number,
    out: number,
    scratch: number,
  ): number
  refine(
    top: number,
    bottom: number,
    groups: number,
    queries: number,
    stride: number,
    entries: number,
    count: number,
    out: number,
    scratch: number,
  ): number
  stream(from: number, bytes: number): number
}

/** Binds a kernel to a shared memory of at most 4 GiB. */
export type Bind = (memory: WebAssembly.Memory) => KernelFunctions
