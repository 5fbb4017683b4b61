import { terminal } from '@acogida/operations';
import { runAgency } from './agency-command.ts';

// npm runs scripts in the workspace; files are meant from where the command was typed.
process.chdir(process.env['INIT_CWD'] ?? process.cwd());
process.exitCode = await runAgency(process.argv.slice(2), terminal, new Date().toISOString());
