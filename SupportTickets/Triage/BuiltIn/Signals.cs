using System.Buffers;

namespace SupportTickets.Triage.BuiltIn;

/// <summary>
/// Facts of a text that single words do not show: how long and how loud it is, how many people are affected, what it says about time.
/// The lists have the words of the four languages of the training data, as <see cref="Tokens"/> spells them.
/// </summary>
internal static class Signals
{
    private static readonly HashSet<string> Not = Set(
        "not no never none nobody nothing dont doesnt didnt cant cannot couldnt wont wouldnt isnt arent wasnt without neither nor "
        + "nicht kein keine keinen keiner keinem nie niemals niemand nichts ohne weder ne pas non jamais aucun aucune rien sans "
        + "personne nunca ningun ninguna ninguno nadie nada sin tampoco");

    private static readonly HashSet<string> Everybody = Set(
        "all everyone everybody nobody entire whole every company companywide team department office site building production "
        + "alle allen aller niemand ganze ganzen gesamte gesamten firma abteilung jeder tous toutes tout toute entier entiere "
        + "personne entreprise equipe service todos todas toda todo nadie entera entero empresa equipo oficina");

    private static readonly HashSet<string> People = Set(
        "people users user customers customer clients client employees staff colleagues coworkers students pupils patients "
        + "members shops stores branches accounts agents drivers orders players guests teachers families households subscribers "
        + "sellers merchants devices machines servers laptops seats kunden kundinnen nutzer benutzer mitarbeiter mitarbeitende "
        + "kollegen leute personen patienten schuler studenten filialen mitglieder gaste utilisateurs clients employes collegues "
        + "personnes eleves etudiants patients magasins membres salaries postes usuarios clientes empleados personas companeros "
        + "alumnos estudiantes pacientes tiendas miembros socios pedidos familias bestellungen commandes");

    private static readonly HashSet<string> Insults = Set(
        "idiots idiot incompetent useless pathetic ridiculous joke clowns scam scammers thieves theft fraud disgusting disgrace "
        + "disgraceful outrageous unacceptable shame shameful garbage rubbish crap bullshit shit damn hell fuck fucking stupid "
        + "morons worst horrible appalling lawyer sue lawsuit frechheit unverschamt unverschamtheit saftladen betrug betruger "
        + "abzocke schande idioten inkompetent lacherlich mist scheiss scheisse anwalt verarschen verarscht honte honteux "
        + "inadmissible inacceptable scandaleux voleurs escrocs escroquerie arnaque incompetents nuls nul ridicule merde bordel "
        + "avocat verguenza inaceptable estafa estafadores ladrones incompetentes inutiles ridiculo mierda basura asco robo abogado "
        + "vergonzoso indignante");

    private static readonly HashSet<string> Thanks = Set(
        "thanks thank thx cheers grateful appreciate lovely wonderful love great happy kind regards please danke dank vielen "
        + "lieben liebe herzliche grusse freundlichen bitte merci cordialement bonne journee sil vous plait gracias saludos amable "
        + "favor encantado");

    private static readonly HashSet<string> Now = Set(
        "today tonight now immediately asap urgent urgently emergency minutes minute hour hours noon midnight heute jetzt sofort "
        + "dringend dringende eilt notfall stunde stunden minuten aujourdhui maintenant immediatement urgence urgent heure heures "
        + "midi hoy ahora inmediatamente urgente urgencia emergencia hora horas minutos ya");

    private static readonly HashSet<string> Soon = Set(
        "tomorrow monday tuesday wednesday thursday friday saturday sunday deadline week weekend due morgen montag dienstag "
        + "mittwoch donnerstag freitag samstag sonntag frist woche wochenende demain lundi mardi mercredi jeudi vendredi samedi "
        + "dimanche delai echeance semaine manana lunes martes miercoles jueves viernes sabado domingo plazo semana");

    private static readonly HashSet<string> Whenever = Set(
        "rush hurry whenever someday eventually curious wondering wish suggestion idea feature minor cosmetic small tiny nice "
        + "eile irgendwann wunsch vorschlag idee kleinigkeit frage presse idee suggestion souhait question petit petite prisa "
        + "sugerencia idea deseo pregunta detalle duda pequeno");

    private static readonly SearchValues<char> OfCode = SearchValues.Create("{}[]<>=;_");

    /// <summary>Counts the signals of a text.</summary>
    public static void Count(FeatureVector features, string text, List<string> words)
    {
        Shape(features, text, words);
        Add(features, "not", words.Count(Not.Contains));
        Add(features, "everybody", words.Count(Everybody.Contains));
        Add(features, "insult", words.Count(Insults.Contains));
        Add(features, "thanks", words.Count(Thanks.Contains));
        Add(features, "now", words.Count(Now.Contains));
        Add(features, "soon", words.Count(Soon.Contains));
        Add(features, "whenever", words.Count(Whenever.Contains));
        Affected(features, words);
    }

    /// <summary>Whether a word turns the meaning of the next ones.</summary>
    public static bool Negates(string word) => Not.Contains(word);

    private static void Shape(FeatureVector features, string text, List<string> words)
    {
        features.Count('s', words.Count switch { < 8 => "words<8", < 25 => "words<25", < 80 => "words<80", _ => "words>=80" });
        Add(features, "!", text.Count(c => c == '!'));
        Add(features, "?", text.Count(c => c == '?'));
        if (text.AsSpan().TrimEnd().EndsWith("?")) features.Count('s', "ends?");
        if (text.Contains("!!", StringComparison.Ordinal)) features.Count('s', "!!");
        if (text.Contains("??", StringComparison.Ordinal) || text.Contains("?!", StringComparison.Ordinal)) features.Count('s', "??");
        if (text.Contains("...", StringComparison.Ordinal) || text.Contains('…')) features.Count('s', "...");
        if (text.Contains("\n>", StringComparison.Ordinal)) features.Count('s', "quoted");
        if (text.AsSpan().ContainsAny(OfCode)) features.Count('s', "code");
        if (text.AsSpan().ContainsAny("$€£¥")) features.Count('s', "money");
        if (text.Contains(":)", StringComparison.Ordinal) || text.Contains(":-)", StringComparison.Ordinal)) features.Count('s', ":)");
        var (letters, capitals) = (text.Count(char.IsLetter), text.Count(char.IsUpper));
        if (letters > 0)
        {
            features.Count('s', (capitals * 100 / letters) switch { 0 => "caps0", < 15 => "caps<15", < 40 => "caps<40", _ => "caps" });
        }
        Add(features, "loud", text.Split((char[]?)null).Count(IsLoud));
    }

    private static bool IsLoud(string word) => word.Length > 3 && word.All(c => char.IsUpper(c) || c is '!' or '?' or ',' or '.');

    // "all 40 of our shops", "1,200 customers": the largest number near a word for people.
    private static void Affected(FeatureVector features, List<string> words)
    {
        var most = 0;
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i] is not ['#', var digits]) continue;
            for (var next = i + 1; next < Math.Min(i + 4, words.Count); next++)
            {
                if (People.Contains(words[next])) most = Math.Max(most, digits - '0');
            }
        }
        if (most > 0) features.Count('s', "affected", most.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private static void Add(FeatureVector features, string name, int count)
    {
        if (count == 0) return;
        features.Count('s', name);
        if (count > 1) features.Count('s', name, ">1");
        if (count > 3) features.Count('s', name, ">3");
    }

    private static HashSet<string> Set(string words) => [.. words.Split(' ')];
}
