import { whyNoQemu } from "./qemu";
import { kernelLayer } from "./qemuImage";

// Makes the machines' file systems ahead of the tests (they would make them themselves otherwise). When tests/run.sh is
// interrupted, what runs here is ended with this; it must live on to unmount.
process.on("SIGTERM", () => undefined);
if (whyNoQemu() === undefined) kernelLayer();
