import { setSourceMapsSupport } from 'node:module';

// Preloaded into every Node child: stacks of our code show its sources. The maps of dependencies took 10 MB more of each process.
setSourceMapsSupport(true, { nodeModules: false, generatedCode: false });
