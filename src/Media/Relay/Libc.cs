using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Telephony.Media.Relay;

/// <summary>
/// The system calls of the packet path, without <c>System.Net.Sockets</c> between: half of the cost of a packet would be its. Linux only; the numbers are
/// those of x86-64 and arm64.
/// </summary>
internal static unsafe partial class Libc
{
    public const int AF_INET = 2, AF_INET6 = 10, SOCK_DGRAM = 2, SOCK_NONBLOCK = 0x800, SOCK_CLOEXEC = 0x80000;
    public const int IPPROTO_IPV6 = 41, IPV6_V6ONLY = 26;
    public const int MSG_TRUNC = 0x20, MSG_DONTWAIT = 0x40;
    public const int EPOLL_CLOEXEC = 0x80000, EPOLL_CTL_ADD = 1, EPOLL_CTL_DEL = 2, EPOLLIN = 1, EFD_NONBLOCK = 0x800, EFD_CLOEXEC = 0x80000;

    /// <summary>A <c>struct epoll_event</c> is packed on x86-64 alone.</summary>
    public static readonly int EpollEventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    public static readonly int EpollDataOffset = EpollEventSize - 8;

    /// <exception cref="Win32Exception">It is below 0: the call has failed.</exception>
    public static int Checked(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", SetLastError = true)]
    public static partial int socket(int domain, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int bind(int fd, byte* address, uint length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setsockopt(int fd, int level, int name, int* value, uint length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int close(int fd);

    [LibraryImport("libc")]
    public static partial uint geteuid();

    // these two don't keep the error: it matters to nobody, and keeping it costs
    [LibraryImport("libc")]
    public static partial nint recvfrom(int fd, byte* buffer, nuint length, int flags, byte* address, uint* addressLength);

    [LibraryImport("libc")]
    public static partial nint sendto(int fd, byte* buffer, nuint length, int flags, byte* address, uint addressLength);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int epoll_ctl(int epoll, int operation, int fd, byte* e);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int epoll_wait(int epoll, byte* events, int count, int timeoutMilliseconds);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint syscall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    [LibraryImport("libc", SetLastError = true)]
    public static partial void* mmap(void* address, nuint length, int protection, int flags, int fd, long offset);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int munmap(void* address, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint read(int fd, void* buffer, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint write(int fd, void* buffer, nuint length);

    public const short POLLIN = 1;

    public struct PollDescriptor
    {
        public int Descriptor;
        public short Events, Returned;
    }

    public struct TimeSpecification
    {
        public long Seconds, Nanoseconds;
    }

    [LibraryImport("libc")]
    public static partial int ppoll(PollDescriptor* descriptors, nuint count, TimeSpecification* timeout, void* signals);
}
