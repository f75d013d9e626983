using Telephony.Prompts;

if (args.Length != 2)
{
    Console.Error.WriteLine("usage: Telephony.Prompts <folder of tables> <folder of prompts>");
    return 2;
}

try
{
    Directory.CreateDirectory(args[1]);
    using var turn = await FolderLock.Take(Path.Combine(args[1], ".lock"), TimeProvider.System); // two builds at a time
    foreach (var path in Directory.GetFiles(args[0], "*.txt").Order(StringComparer.Ordinal))
    {
        await new PromptFolder(Path.Combine(args[1], Path.GetFileNameWithoutExtension(path))).Update(PromptTable.Read(path));
    }

    return 0;
}
catch (PromptException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
