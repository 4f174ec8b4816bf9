namespace AgentWorkflow.Bot.Tests.Projects.Templating;

/// <summary>Texts that a template's author could write against the host, by families and sizes.</summary>
internal static class HostileTemplates
{
    private static readonly string[] s_counts = ["100001", "1000000", "99999999", "2147483647"];

    // Scriban's built-in functions: clocks, chance, cultures, regular expressions, evaluation, padding. None may be there.
    private static readonly string[] s_builtIns =
    [
        "array.add [1] 2", "array.add_range [1] [2]", "array.any [1] @json", "array.compact [1]", "array.concat [1] [2]", "array.contains [1] 1", "array.cycle ['a']",
        "array.each [1] @json", "array.filter [1] @json", "array.first [1]", "array.insert_at [1] 2147483647 1", "array.join [1] ','", "array.last [1]", "array.limit [1] 1",
        "array.map [1] 'x'", "array.offset [1] 1", "array.remove_at [1] 0", "array.reverse [1]", "array.size [1]", "array.sort [1]", "array.uniq [1]",
        "date.now", "date.parse '2026-01-01'", "date.parse_to_string 'x' 'y'", "date.add_days 1 1", "date.add_years 1 9999", "date.to_string 1 '%' 'tr-TR'", "date.format",
        "html.strip '<a>'", "html.escape 'x'", "html.newline_to_br 'x'", "html.url_encode 'x'", "html.url_escape 'x'",
        "math.abs 1", "math.ceil 1", "math.divided_by 1 0", "math.floor 1", "math.format 1 'N99999999' 'tr-TR'", "math.is_number 1", "math.minus 1 1", "math.modulo 1 0",
        "math.plus 1 1", "math.random 1 2", "math.round 1 99", "math.times 1 1", "math.uuid",
        "object.default 1 2", "object.eval '1+1'", "object.eval_template '{{ 1 }}'", "object.format 1 'D999999999'", "object.from_json '{}'", "object.has_key {} 'a'",
        "object.has_value {} 'a'", "object.keys {}", "object.size {}", "object.to_json {}", "object.typeof 1", "object.kind 1", "object.values {}",
        "regex.escape 'x'", "regex.match 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' '(a+)+$'", "regex.matches 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' '(a|aa)+$'",
        "regex.replace 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' '(.*a){25}' 'x'", "regex.split 'a' 'b'", "regex.unescape 'x'",
        "string.append 'a' 'b'", "string.base64_decode 'YQ=='", "string.base64_encode 'a'", "string.capitalize 'a'", "string.contains 'a' 'b'", "string.downcase 'a'",
        "string.ends_with 'a' 'b'", "string.escape 'a'", "string.handleize 'a'", "string.hmac_sha256 'a' 'b'", "string.index_of 'a' 'b'", "string.literal 'a'", "string.lstrip 'a'",
        "string.md5 'a'", "string.pad_left 'a' 2147483647", "string.pad_right 'a' 2147483647", "string.pluralize 1 'a' 'b'", "string.prepend 'a' 'b'", "string.remove 'a' 'b'",
        "string.replace 'a' 'b' 'c'", "string.replace_first 'a' 'b' 'c'", "string.rstrip 'a'", "string.sha1 'a'", "string.sha256 'a'", "string.size 'a'", "string.slice 'a' 0 2147483647",
        "string.split 'a' ''", "string.starts_with 'a' 'b'", "string.strip 'a'", "string.to_double '1e999'", "string.to_int '1'", "string.truncate 'a' 2147483647", "string.upcase 'a'",
        "string.whitespace 2147483647", "timespan.zero", "timespan.from_days 1", "timespan.parse '1'", "import 'a'", "include 'template.yml'", "include '/etc/passwd'",
        "include '../../../etc/passwd'", "include_join ['a'] ',' ''", "eval '1'",
    ];

    // What a template would like to find of the host.
    private static readonly string[] s_hosts =
    [
        "env.PATH", "env['HOME']", "environment", "ENV", "file.read '/etc/passwd'", "file '/proc/self/environ'", "read 'a.sbn'", "open '/dev/zero'", "directory.list '/'", "path.combine 'a' 'b'",
        "http.get 'http://169.254.169.254/'", "fetch 'http://localhost'", "socket", "net", "dns 'example.com'", "request", "process", "process.start 'sh'", "shell 'id'", "exec 'id'", "system 'id'", "os", "sys.exit",
        "require 'fs'", "load 'a'", "console.log 1", "debug", "self", "this.constructor", "globals", "context", "template", "host", "settings", "config.secret", "secrets", "token", "config", "GitHub__WebhookSecret", "now", "today", "random", "uuid", "culture", "thread.sleep 100000", "sleep 100000", "exit 1",
    ];

    private static readonly string[] s_receivers = ["'a'", "1", "1.5", "true", "[1]", "{a: 1}", "model", "model.name", "json", "(1..3)"];

    private static readonly string[] s_members =
    [
        "get_type", "GetType", "constructor", "__proto__", "prototype", "assembly", "invoke", "target", "method", "to_string", "get_hash_code", "equals", "memberwise_clone", "__class__", "is_read_only", "script_object",
    ];

    /// <summary>Texts that cannot even be read: one problem each, nothing is rendered.</summary>
    public static IReadOnlyList<string> Unreadable { get; } =
    [
        .. from depth in (int[])[300, 3_000, 30_000]
           from text in (string[])
           [
               $"{{{{ {Many("(", depth)}1{Many(")", depth)} }}}}", $"{{{{ {Many("(", depth)} }}}}", $"{{{{ {Many("[", depth)}1{Many("]", depth)} }}}}", $"{{{{ {Many("[", depth)} }}}}",
               $"{{{{ {Many("{a:", depth)}1{Many("}", depth)} }}}}", $"{{{{ {Many("{a:", depth)} }}}}", $"{{{{ {Many("-", depth)}1 }}}}", $"{{{{ {Many("!", depth)}true }}}}", $"{{{{ x = {Many("a[", depth)}0{Many("]", depth)} }}}}",
               Many("{{ if true }}", depth), Many("{{ for i in [1] }}", depth), Many("{{ while false }}", depth), Many("{{ case 1 }}{{ when 1 }}", depth), Many("{{ with model }}", depth), Many("{{ capture x }}", depth),
               Many("{{ func f }}", depth), Many("{{ wrap json }}", depth), $"{{{{ if true {Many("; else if true", depth)} }}}}", $"{{{{ {Many("@", depth)}json }}}}",
           ]
           select text,
        .. from word in (string[])["end", "else", "when 1", "for", "for i in", "for in 1..2", "while", "if", "func", "capture", "with", "case", "1 +", "1 + * 2", "(1", "1)", "[1", "1]", "{a: 1", "{a 1}", "'open", "\"open", "`open", "x = ", "= 1", "a.", ".a", "1 | ", "| json", "@", "$", "%", "^^", "~", "\\", "0x", "1e", "import", "readonly", "ret ret", "tablerow", "wrap"]
           where word is not ("$" or "0x" or "ret ret" or "~" or ".a" or "import" or "^^")
           select $"{{{{ {word} }}}}",
        "{{ 1 }", "{{ if true }}", "{{ for x in [] }}", "{{ func f }}", "{{ end }}{{ end }}", "{{% raw",
    ];

    /// <summary>Texts that are stopped while they run, soon enough that many share one process.</summary>
    public static IReadOnlyList<string> Stopped { get; } =
    [
        .. from count in s_counts
           from text in (string[])
           [
               $"{{{{ for i in 1..{count}; end }}}}", $"{{{{ for i in {count}..1; end }}}}", $"{{{{ for i in 0..<{count}; end }}}}", $"{{{{ for i in (1..{count}); i; end }}}}", $"{{{{ (1..{count}) | size }}}}",
               $"{{{{ for i in 1..{count} limit:{count}; end }}}}", $"{{{{ tablerow i in 1..{count}; end }}}}", $"{{{{ (1..{count}) | json }}}}", $"{{{{ (1..{count}) | join ',' }}}}", $"{{{{ 1..{count} }}}}",
               $"{{{{ x = 0; while x < {count}; x = x + 1; end }}}}", $"{{{{ for a in 1..1000; for b in 1..{count}; end; end }}}}", $"{{{{ for a in 1..400; for b in 1..400; end; end; {count} }}}}",
               $"{{{{ 'AA' * {count}0 }}}}", $"{{{{ x = 'AAAAAAAAAAAAAAAA' * {count}; x }}}}", $"{{{{ ('ab' * {count}) | size | json | nothing }}}}", $"{{{{ [1, 2] * {count}0 | nothing }}}}",
           ]
           select text,
        "{{ 9 << 99999999 }}", "{{ 1 << 2147483647 }}", "{{ 1 << 999999999999 }}", "{{ 1 << -99999999 | nothing }}",
        .. s_builtIns.Select(b => $"{{{{ {b} }}}}"),
        .. s_hosts.Select(h => $"{{{{ {h} }}}}"),
        .. from receiver in s_receivers from member in s_members select $"{{{{ x = {receiver}; x.{member}.name }}}}",
        .. from name in (string[])["model.name", "model.list", "model.added", "model['name']", "json.x", "model.list[0]", "model.list[2]", "model.list[2147483647]", "model.list.x", "a = model.list; a[0]", "model.list.size"] select $"{{{{ {name} = 'changed' }}}}",
        .. from body in (string[])
           [
               "func f; f; end; f", "func f(x); f x + 1; end; f 1", "func f(x); ret f(x + 1); end; f(1)", "func f; g; end; func g; f; end; f", "x = {}; x.f = do; x.f; end; x.f", "f = do; f; end; f",
               "func f(x); [x] | f; end; f 1", "func f(x); {a: x} | json; f x; end; f 1", "func f(x); for i in 1..2; f x; end; end; f 1", "func f; capture y; f; end; y; end; f",
           ]
           select $"{{{{ {body} }}}}",
        .. from use in (string[])["x | json", "[x] | json", "{a: x} | json", "(x.a.a.a.a) | json"]
           from make in (string[])["x = {}; x.a = x", "x = {}; y = {a: x}; x.a = y", "x = {}; x.b = [x]; x.a = x", "x = []; x[0] = x; x = {a: x}; x.a = x"]
           select $"{{{{ {make}; {use} }}}}",
        .. from unit in (string[])["0123456789abcdef", "é", "😀", "\\n"]
           from rounds in (int[])[90_000, 99_999]
           select $"{{{{ for i in 1..{rounds}; '{Many(unit, 24)}'; end }}}}",
        .. from amount in (string[])["0", "0.0", "null", "'a'", "[]", "{}"] from sign in (string[])["/", "//", "%"] where amount is not "0.0" || sign is "%" select $"{{{{ 1 {sign} {amount} | nothing }}}}",
        .. from wrong in (string[])["json json", "join", "join 1 2", "replace", "replace 'a'", "size", "size 1", "upper 1 2 3", "cs_string 1 2", "json 1 2 3", "size json", "json @size", "@nothing", "nothing", "nothing.more", "model.nothing", "model.name.more.more", "model.list[99].x", "null.a"]
           select $"{{{{ {wrong} }}}}",
    ];

    /// <summary>Texts that only the kernel or the watch stops: each costs its process.</summary>
    public static IReadOnlyList<string> Killers { get; } =
    [
        "func f(n); if n > 0; f(n - 1); f(n - 1); end; end; f 40", "func f(n); for i in 1..99999; if n > 0; f(n - 1); end; end; end; f 45", "x = 3; for i in 1..90; x = x * x; end; x",
        "for i in 1..99999; for j in 1..1; end; end; for i in 1..99999; ('a' * 100000) | upper | lower; end", "for i in 1..99999; ('a' * 1000000) | replace 'a' 'b'; end",
        "x = 'a' * 2000000; for i in 1..99999; y = x | cs_string | md | xml; end", "1 << 1000000", "a = []; a[400000000] = 1; a.size | nothing", "x = 1; for i in 1..99999; x = x << 40; end; x", "for i in 1..99999; x = (1..99999) | size; end", "for i in 1..99999; x = (1..99999) | json; end",
        "a = []; for i in 1..90000; a[i] = 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' * 2000; end; a.size", "a = []; for i in 1..90000; a[i] = (1..9999) | json; end; a.size",
        "a = {}; for i in 1..90000; a['k' + i] = 'x' * 60000; end; a.size", "a = 'x' * 1000000; b = []; for i in 1..90000; b[i] = a + i; end; b.size",
    ];

    private static string Many(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
