/** QuickJS compiled to WebAssembly, as the bundler's binary loader gives it. */
declare module '@jitl/quickjs-wasmfile-release-sync/wasm' {
  const bytes: Uint8Array;
  // biome-ignore lint/style/noDefaultExport: the form that the bundler gives it
  export default bytes;
}
