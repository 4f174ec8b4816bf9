using System.Collections.Frozen;

namespace AgentWorkflow.Bot.Projects.Stacks.PythonApi;

/// <summary>The names that generated Python may not take, because the language, the interpreter or a file system has taken them.</summary>
internal static class PythonReserved
{
    /// <summary>Keywords, soft keywords and the built-in functions, of Python 3.11 to 3.15, and the customary names of receivers.</summary>
    public static FrozenSet<string> LowerCase { get; } = Set(
        """
        abs aiter all and anext any as ascii assert async await bin bool break breakpoint bytearray bytes callable case chr class classmethod cls
        compile complex continue copyright credits def del delattr dict dir divmod elif else enumerate eval except exec exit filter finally float
        for format from frozenset getattr global globals hasattr hash help hex id if import in input int is isinstance issubclass iter lambda lazy
        len license list locals map match max memoryview min next nonlocal not object oct open or ord pass pow print property quit raise range repr
        return reversed round self set setattr slice sorted staticmethod str sum super try tuple type vars while with yield zip
        """);

    /// <summary>Constants and built-in classes.</summary>
    public static FrozenSet<string> PascalCase { get; } = Set(
        """
        ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError BrokenPipeError BufferError BytesWarning
        ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError DeprecationWarning EOFError Ellipsis
        EncodingWarning EnvironmentError Exception ExceptionGroup False FileExistsError FileNotFoundError FloatingPointError FutureWarning
        GeneratorExit IOError ImportError ImportWarning IndentationError IndexError InterruptedError IsADirectoryError KeyError KeyboardInterrupt
        LookupError MemoryError ModuleNotFoundError NameError None NotADirectoryError NotImplemented NotImplementedError OSError OverflowError
        PendingDeprecationWarning PermissionError ProcessLookupError PythonFinalizationError RecursionError ReferenceError ResourceWarning
        RuntimeError RuntimeWarning StopAsyncIteration StopIteration SyntaxError SyntaxWarning SystemError SystemExit TabError TimeoutError True
        TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning UserWarning ValueError
        Warning WindowsError ZeroDivisionError
        """);

    /// <summary>Modules that a package of ours would hide: the standard library's, past and coming ones too, and folders of the project.</summary>
    public static FrozenSet<string> Packages { get; } = Set(
        """
        abc aifc annotationlib antigravity argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii bisect builtins bz2
        cProfile calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys compileall compression concurrent configparser
        contextlib contextvars copy copyreg crypt csv ctypes curses dataclasses datetime dbm decimal difflib dis distutils docs doctest email
        encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch fractions ftplib functools gc genericpath getopt getpass gettext
        glob graphlib grp gzip hashlib heapq hmac html http idlelib imaplib imghdr imp importlib inspect io ipaddress itertools json keyword lib2to3
        linecache locale logging lzma mailbox mailcap marshal math mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc nis nntplib nt
        ntpath nturl2path numbers opcode operator optparse os ossaudiodev pathlib pdb pickle pickletools pip pipes pkgutil platform plistlib poplib
        posix posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random re readline reprlib resource
        rlcompleter runpy sched secrets select selectors setuptools shelve shlex shutil signal site smtpd smtplib sndhdr socket socketserver spwd
        sqlite3 src sre_compile sre_constants sre_parse ssl stat statistics string stringprep struct subprocess sunau symtable sys sysconfig syslog
        tabnanny tarfile telnetlib tempfile termios test tests textwrap this threading time timeit tkinter token tokenize tomllib trace traceback
        tracemalloc tty turtle turtledemo types typing unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser winreg winsound
        wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo
        """);

    /// <summary>What Windows takes for a device, whatever the extension.</summary>
    public static FrozenSet<string> Devices { get; } = Set(
        """
        aux com1 com2 com3 com4 com5 com6 com7 com8 com9 con lpt1 lpt2 lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 lpt9 nul prn
        """);

    private static FrozenSet<string> Set(string names) =>
        names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
