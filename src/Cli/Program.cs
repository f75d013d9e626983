using Telephony.Cli;

return await CommandLine.Run(args, CliContext.OfProcess());
