// node -r attached.js <program>: ends the program when its standard input closes, so that a run that was killed leaves nothing behind.
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
process.stdin.on("error", () => process.exit(0));
