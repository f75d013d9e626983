using System.Text;
using System.Text.Unicode;
using CsvHelper;

namespace Telephony.Configuration.Import;

/// <summary>Reads the import's CSV: UTF-8, RFC 4180, one fixed header with one optional column.</summary>
internal static class ExtensionFile
{
    public const string Header = "extension,display_name,department,email,sip_password,web_password,role";
    public const string Optional = "media_security";
    public const int MaxRows = 100_000;

    private const int MaxRecordBytes = 16 * 1024;
    private static readonly string[] Columns = Header.Split(',');

    /// <summary>The file's rows. They count only when <paramref name="errors"/> stays empty.</summary>
    public static async Task<List<ImportRow>> Read(Stream csv, ImportErrors errors, CancellationToken cancellationToken)
    {
        var rows = new List<ImportRow>();
        await using var reader = CsvReader.Create(csv, new CsvReaderOptions
        {
            Separator = ',',
            Encoding = Encoding.UTF8,
            HasHeader = false, // read as a row, to be compared
            TrackLineNumbers = true,
            MaxRecordSize = MaxRecordBytes,
            MalformedData = CsvMalformedDataHandling.Skip,
            OnMalformedRecord = malformed => errors.Add((int)malformed.LineNumber, $"Not RFC 4180: {What(malformed.Reason)}."),
        }, leaveOpen: true);
        try
        {
            var header = await reader.ReadAsync(cancellationToken) ? Fields(reader) : [];
            if (!header.SequenceEqual(Columns, StringComparer.Ordinal) && !header.SequenceEqual([.. Columns, Optional], StringComparer.Ordinal))
            {
                errors.Add(1, $"The header must be exactly {Header} or {Header},{Optional}");
                return rows;
            }

            var lineOf = new Dictionary<string, int>(StringComparer.Ordinal);
            while (!errors.IsFull && await reader.ReadAsync(cancellationToken))
            {
                var line = (int)reader.LineNumber;
                if (!Utf8.IsValid(reader.RawRecord))
                {
                    errors.Add(line, "Not UTF-8.");
                }
                else if (reader.FieldCount != header.Length)
                {
                    errors.Add(line, $"There are {reader.FieldCount} fields instead of {header.Length}.");
                }
                else if (rows.Count == MaxRows)
                {
                    errors.Add(line, $"A file may have {MaxRows} rows at most.");
                    return rows;
                }
                else
                {
                    rows.Add(Row(line, Fields(reader), lineOf, errors));
                }
            }

            if (rows.Count == 0 && errors.IsEmpty) errors.Add(1, "The file has no rows.");
        }
        catch (CsvFormatException exception) // a record that is too long
        {
            errors.Add(Math.Max(1, (int)exception.LineNumber), $"A row may have {MaxRecordBytes} bytes at most; is a quote not closed?");
        }

        return rows;
    }

    private static string[] Fields(CsvReader reader) => [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)];

    private static string What(CsvMalformedReason reason) => reason switch
    {
        CsvMalformedReason.StrayQuote => "a quote stands inside an unquoted field",
        CsvMalformedReason.TextAfterClosingQuote => "text follows a closing quote",
        CsvMalformedReason.UnterminatedQuote => "a quote is not closed",
        _ => "malformed",
    };

    private static ImportRow Row(int line, string[] field, Dictionary<string, int> lineOf, ImportErrors errors)
    {
        var row = new ImportRow(line, field[0].Trim(), field[1].Trim(), NullIfEmpty(field[2]), NullIfEmpty(field[3]), field[4], field[5], field[6].Trim(), field.Length > 7 ? NullIfEmpty(field[7]) : null);
        Check(Rules.Extension(row.Number));
        Check(Rules.DisplayName(row.DisplayName));
        Check(Rules.Department(row.Department ?? ""));
        Check(Rules.Email(row.Email ?? ""));
        Check(row.SipPassword.Length == 0 ? null : Rules.SipPassword(row.SipPassword));
        Check(row.WebPassword.Length == 0 ? null : Rules.WebPassword(row.WebPassword));
        Check(Rules.Role(row.Role));
        Check(Rules.MediaSecurity(row.MediaSecurity ?? ""));
        if (!lineOf.TryAdd(row.Number, line)) errors.Add(line, $"Extension {Rules.Shown(row.Number)} is in line {lineOf[row.Number]} already.");
        return row;

        void Check(string? wrong)
        {
            if (wrong is not null) errors.Add(line, wrong);
        }
    }

    private static string? NullIfEmpty(string value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
