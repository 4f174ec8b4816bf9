using AgentWorkflow.Bot.Projects.Specification;

namespace AgentWorkflow.Bot.Agents.Offline.Ideas;

/// <summary>A type as words say it; what it points to is still a name.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Values">The values of an enum.</param>
/// <param name="Target">The name of what a reference, or a list, points to.</param>
/// <param name="Item">The kind of a list's items, where they are plain.</param>
/// <param name="Rules">Rules that stood among the words: <c>varchar(40)</c>, <c>integer >= 0</c>.</param>
internal sealed record TypeGuess(FieldKind Kind, IReadOnlyList<string> Values, string? Target, FieldKind? Item, IReadOnlyList<string> Rules);

/// <summary>Reads the words that people use for types.</summary>
internal static class TypeWords
{
    private static readonly Dictionary<string, FieldKind> Known = Map(
        (FieldKind.Text, "text,string,str,varchar,varchar2,nvarchar,char,nchar,character,character varying,citext,short text,line,word,phone,phone number,telephone,telephone number,colour,color,slug,single line,single line text,tinytext,txt"),
        (FieldKind.LongText, "long text,longtext,mediumtext,multiline,multi-line,multiline text,multi-line text,markdown,rich text,html,clob,paragraph,memo,textarea,text area,long string,ntext,large text,free text"),
        (FieldKind.Integer, "integer,int,whole number,whole,bigint,smallint,tinyint,mediumint,long,short,int2,int4,int8,int32,int64,serial,bigserial,smallserial,count,quantity,year,unsigned,unsigned int,unsigned integer,counter,bigint unsigned,int unsigned"),
        (FieldKind.Decimal, "decimal,float,double,real,numeric,number,double precision,float8,float4,floating point,decimal number,fraction,percentage,percent,numeric value"),
        (FieldKind.Money, "money,price,currency,cost,usd,eur,gbp,dollars,euros,euro,dollar,monetary,amount of money"),
        (FieldKind.Boolean, "boolean,bool,yes/no,true/false,flag,checkbox,bit,yes or no,true or false,toggle,y/n"),
        (FieldKind.Date, "date,day,calendar date,birthday"),
        (FieldKind.DateTime, "datetime,date-time,date time,date and time,date/time,timestamp,timestamptz,timestamp with time zone,timestamp without time zone,datetime2,datetimeoffset,instant,moment,date & time"),
        (FieldKind.Time, "time,time of day,clock time,timetz,time without time zone"),
        (FieldKind.Email, "email,e-mail,email address,e-mail address,mail"),
        (FieldKind.Url, "url,uri,link,website,web address,href,web page,homepage,web link,hyperlink"),
        (FieldKind.Uuid, "uuid,guid,uniqueidentifier"),
        (FieldKind.File, "file,image,photo,picture,attachment,document,blob,bytea,binary,pdf,upload,video,audio,varbinary,image file"),
        (FieldKind.List, "list,array,tags,labels,text[],json array"));

    private static readonly string[] EnumStarts = ["enumeration", "enum", "choice of", "choices", "choice", "select", "one of", "any of", "either", "options"];

    private static readonly string[] ListStarts = ["list of", "lists of", "many", "array of", "set of", "collection of", "several", "multiple", "has many", "references to"];

    private static readonly string[] ReferenceStarts =
    [
        "reference to", "references", "reference", "refers to", "ref to", "ref", "belongs to", "links to", "link to", "foreign key to", "foreign key", "fk to", "fk", "id of", "relation to",
        "relationship to", "points to", "->", "\u2192", "=>", "has one", "has a", "lookup", "pointer to",
    ];

    private static readonly string[] Adjectives = ["required", "unique", "optional", "mandatory", "immutable", "indexed", "positive", "nullable"];

    /// <summary>Reads a type, or answers null for words that are none.</summary>
    public static TypeGuess? Read(string words) => Read(words, 0);

    /// <summary>The kind that one or a few plain words mean.</summary>
    public static FieldKind? Plain(string words) =>
        Known.TryGetValue(RuleText.Bare(words).ToLowerInvariant(), out FieldKind kind) ? kind : null;

    private static TypeGuess? Read(string words, int depth)
    {
        string text = RuleText.Bare(words);
        List<string> rules = [];
        while (Array.Find(Adjectives, a => StartsWithWord(text, a)) is { } adjective && text.Length > adjective.Length)
        {
            rules.Add(adjective);
            text = text[adjective.Length..].TrimStart(' ', ',', ':');
        }

        text = text.TrimEnd('.', ' ');
        if (text.EndsWith('!') || text.EndsWith('?'))
        {
            rules.Add(text[^1] == '!' ? "required" : "optional");
            text = text[..^1];
        }

        TypeGuess? guess = text.Length is 0 or > 500 || depth > 2 ? null : Enum(text) ?? List(text, depth) ?? Reference(text) ?? Simple(text);
        return guess is null ? null : guess with { Rules = [.. rules, .. guess.Rules] };
    }

    private static TypeGuess? Enum(string text)
    {
        string? start = Array.Find(EnumStarts, s => StartsWithWord(text, s));
        if (start is null)
        {
            return !text.Contains('(') && text.Contains('|') && Values(text) is { Count: > 0 } choices ? Of(FieldKind.Enum) with { Values = choices } : null;
        }

        string rest = text[start.Length..].TrimStart(' ', ':', '=');
        int close = rest.Length > 0 && rest[0] is '(' or '[' or '{' ? rest.IndexOfAny([')', ']', '}']) : -1;
        string inside = close > 0 ? rest[1..close] : rest;
        IReadOnlyList<string> values = Values(inside);
        string after = close > 0 ? rest[(close + 1)..].Trim(' ', ',') : "";
        return values.Count == 0 ? null : Of(FieldKind.Enum) with { Values = values, Rules = after.Length > 0 ? [after] : [] };
    }

    /// <summary>The values of an enum: cut at commas, bars, slashes or "or", without quotes, each once.</summary>
    public static IReadOnlyList<string> Values(string text)
    {
        string inside = text.Trim().TrimStart('(', '[', '{').TrimEnd(')', ']', '}', '.');
        List<string> parts = RuleText.SplitTop(inside, [',', ';', '|']);
        parts = parts.Count == 1 ? [.. inside.Split('/')] : parts;
        return [.. parts.SelectMany(p => p.Split(" or ")).Select(p => p.StartsWith("or ", StringComparison.Ordinal) ? p[3..] : p.StartsWith("and ", StringComparison.Ordinal) ? p[4..] : p)
            .Select(p => English.Cut(InlineText.OneLine(p).Trim(' ', '"', '\'', '`', '*', '\u201c', '\u201d'), 60)).Where(p => p.Length > 0).DistinctBy(English.Key).Take(50)];
    }

    private static TypeGuess? List(string text, int depth)
    {
        string? start = Array.Find(ListStarts, s => StartsWithWord(text, s));
        string? item = start is not null ? text[start.Length..]
            : text.EndsWith("[]", StringComparison.Ordinal) ? text[..^2]
            : text.EndsWith(" list", StringComparison.OrdinalIgnoreCase) ? text[..^5]
            : text.StartsWith('[') && text.EndsWith(']') ? text[1..^1]
            : Generic(text, "list") ?? Generic(text, "array") ?? Generic(text, "set");
        item = item is null ? null : Article(item);
        if (string.IsNullOrWhiteSpace(item))
        {
            return null;
        }

        TypeGuess? inner = Read(item, depth + 1) ?? Read(English.SingularName(item), depth + 1);
        return inner switch
        {
            null => Of(FieldKind.List) with { Target = item },
            { Target: { } target } => Of(FieldKind.List) with { Target = target, Rules = inner.Rules },
            { Kind: FieldKind.List } => Of(FieldKind.List) with { Item = FieldKind.Text, Rules = inner.Rules },
            _ => Of(FieldKind.List) with { Item = inner.Kind, Rules = inner.Rules },
        };
    }

    private static TypeGuess? Reference(string text)
    {
        string? start = Array.Find(ReferenceStarts, s => StartsWithWord(text, s));
        string? target = start is not null ? text[start.Length..].Trim(' ', ':', '(', ')')
            : text.EndsWith(" reference", StringComparison.OrdinalIgnoreCase) ? text[..^10]
            : text.EndsWith(" ref", StringComparison.OrdinalIgnoreCase) ? text[..^4]
            : null;
        target = target is null ? null : Article(target);
        int cut = target?.IndexOfAny(['(', '.', ',']) ?? -1;
        target = cut > 0 ? target?[..cut] : target;
        return string.IsNullOrWhiteSpace(target) || Plain(target) is not null ? null : Of(FieldKind.Reference) with { Target = target.Trim() };
    }

    private static TypeGuess? Simple(string text)
    {
        if (Plain(text) is { } exact)
        {
            return exact == FieldKind.List ? Of(exact) with { Item = FieldKind.Text } : Of(exact);
        }

        int open = text.IndexOf('(');
        if (open > 0 && text.IndexOf(')', open) is > 0 and var close && Plain(text[..open]) is { } kind)
        {
            string inside = text[(open + 1)..close].Trim(), after = text[(close + 1)..].Trim(' ', ',');
            string? rule = kind switch
            {
                FieldKind.Text or FieldKind.LongText when inside.All(char.IsAsciiDigit) => "max length " + inside,
                FieldKind.Text or FieldKind.LongText => "length " + inside,
                FieldKind.Decimal or FieldKind.Money or FieldKind.DateTime or FieldKind.Time or FieldKind.Boolean when inside.All(c => char.IsAsciiDigit(c) || c is ',' or ' ') => null,
                FieldKind.Integer when inside.All(char.IsAsciiDigit) => null,
                _ => inside,
            };
            return Of(kind) with { Rules = [.. ((string?[])[rule, after]).OfType<string>().Where(r => r.Length > 0).SelectMany(RuleText.Split)] };
        }

        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (int n = Math.Min(words.Length - 1, 4); n > 0; n--)
        {
            if (Plain(string.Join(' ', words[..n])) is { } prefix)
            {
                string rest = string.Join(' ', words[n..]).Trim(' ', '(', ')');
                return (prefix == FieldKind.List ? Of(prefix) with { Item = FieldKind.Text } : Of(prefix)) with { Rules = RuleText.Split(rest) };
            }
        }

        return null;
    }

    private static TypeGuess Of(FieldKind kind) => new(kind, [], null, null, []);

    private static string? Generic(string text, string name) =>
        text.StartsWith(name + "<", StringComparison.OrdinalIgnoreCase) && text.EndsWith('>')
        || text.StartsWith(name + "(", StringComparison.OrdinalIgnoreCase) && text.EndsWith(')') ? text[(name.Length + 1)..^1] : null;

    private static string Article(string text)
    {
        string rest = text.Trim();
        foreach (string article in (string[])["a ", "an ", "the ", "one ", "another ", "existing "])
        {
            rest = rest.StartsWith(article, StringComparison.OrdinalIgnoreCase) ? rest[article.Length..].TrimStart() : rest;
        }

        return rest;
    }

    private static bool StartsWithWord(string text, string word) => text.StartsWith(word, StringComparison.OrdinalIgnoreCase)
        && (text.Length == word.Length || !char.IsLetterOrDigit(text[word.Length]) || !char.IsLetterOrDigit(word[^1]));

    private static Dictionary<string, FieldKind> Map(params (FieldKind Kind, string Words)[] kinds) => kinds
        .SelectMany(k => k.Words.Split(','), (k, word) => (word, k.Kind)).ToDictionary(p => p.word, p => p.Kind, StringComparer.Ordinal);
}
