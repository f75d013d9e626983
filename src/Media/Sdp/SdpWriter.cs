using System.Text;

namespace Telephony.Media.Sdp;

/// <summary>Writes a description line by line.</summary>
internal sealed class SdpWriter
{
    private readonly StringBuilder _text = new(512);

    public SdpWriter Line(char type, string value)
    {
        _text.Append(type).Append('=').Append(value).Append("\r\n");
        return this;
    }

    public SdpWriter Attribute(string value) => Line('a', value);

    public byte[] ToBytes() => Encoding.Latin1.GetBytes(_text.ToString());
}
