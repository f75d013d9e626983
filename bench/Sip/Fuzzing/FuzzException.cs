using System.Text;

namespace Telephony.Sip.Fuzzing;

/// <summary>A fault that fuzzing found, with what repeats it.</summary>
internal sealed class FuzzException(string where, byte[] message, Exception inner)
    : Exception($"{where}: {inner.GetType().Name}: {inner.Message}\n{Convert.ToBase64String(message)}\n{Encoding.UTF8.GetString(message)}", inner);
