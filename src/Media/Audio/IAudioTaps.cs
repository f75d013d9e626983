using System.Collections.Immutable;

namespace Telephony.Media.Audio;

/// <summary>Where taps are put onto legs.</summary>
internal interface IAudioTaps
{
    /// <summary>From the next ticks on <paramref name="tap"/> hears these legs, until <see cref="Untap"/>. A leg that is released is silent to it from then on.</summary>
    /// <exception cref="InvalidOperationException">There is a tap of that name.</exception>
    ValueTask<MediaError> Tap(string name, ImmutableArray<string> legs, IAudioTap tap);

    /// <summary>Takes a tap away. When this ends it is not called any more, and disposing of it is the caller's. Without one of that name it does nothing.</summary>
    ValueTask Untap(string name);
}
