import type { ColumnMapping, ImportKind } from "@reminder-app/db/schema/imports";
import { AppError } from "@reminder-app/platform/errors";

interface Field {
  /** Words in headings that mean it, as {@link folded}. */
  readonly headings: readonly string[];
  readonly required?: true;
}

const clientFields = {
  name: {
    required: true,
    headings: [
      "name", "clientname", "client", "company", "companyname", "businessname", "customer", "customername", "organisation",
      "organization", "kunde", "kundenname", "mandant", "firma", "firmenname", "nom", "nomduclient", "raisonsociale", "societe",
      "entreprise", "cliente", "nombre", "nombrecliente", "empresa", "razonsocial", "nome", "nomecliente", "azienda",
      "ragionesociale", "klant", "klantnaam", "naam", "bedrijf", "bedrijfsnaam", "nazwa", "klient",
    ],
  },
  externalId: {
    headings: [
      "externalid", "id", "clientid", "clientno", "clientnumber", "clientcode", "clientref", "customerid", "customerno",
      "customernumber", "accountno", "accountnumber", "code", "ref", "reference", "kundennummer", "kundennr", "mandantennummer",
      "mandantennr", "numeroclient", "codeclient", "numerocliente", "codigo", "codigocliente", "codice", "codicecliente",
      "klantnummer", "numerklienta",
    ],
  },
  email: {
    headings: [
      "email", "emailaddress", "mail", "contactemail", "emailadresse", "mailadresse", "courriel", "adressemail", "adresseemail",
      "correo", "correoelectronico", "indirizzoemail", "postaelettronica", "emailadres", "adresemail",
    ],
  },
  phone: {
    headings: [
      "phone", "phonenumber", "mobile", "mobilenumber", "mobilephone", "telephone", "tel", "sms", "cell", "cellphone", "telefon",
      "telefonnummer", "handy", "handynummer", "mobil", "telefono", "movil", "portable", "telephonemobile", "cellulare",
      "telefoon", "telefoonnummer", "mobiel",
    ],
  },
  whatsapp: { headings: ["whatsapp", "whatsappnumber", "whatsappnummer", "numerowhatsapp"] },
  contactName: {
    headings: [
      "contactname", "contact", "contactperson", "person", "ansprechpartner", "kontakt", "kontaktperson", "nomducontact",
      "interlocuteur", "contacto", "personadecontacto", "contatto", "referente", "contactpersoon", "osobakontaktowa",
    ],
  },
  roles: { headings: ["roles", "role", "contactroles", "rolle", "rollen", "funktion", "fonction", "rol", "ruolo", "rola"] },
  timeZone: { headings: ["timezone", "zeitzone", "fuseauhoraire", "zonahoraria", "fusoorario", "tijdzone"] },
  locale: { headings: ["locale", "language", "sprache", "langue", "idioma", "lingua", "taal", "jezyk"] },
  country: { headings: ["country", "countrycode", "land", "pays", "pais", "paese", "kraj"] },
  tags: {
    headings: ["tags", "tag", "labels", "groups", "segments", "schlagworte", "gruppen", "etiquettes", "etiquetas", "etichette"],
  },
  yearEnd: { headings: ["yearend", "companyyearend", "financialyearend", "accountingyearend", "accountingreferencedate"] },
  incorporatedOn: { headings: ["incorporatedon", "incorporationdate", "incorporated", "dateofincorporation"] },
  vatStagger: { headings: ["vatstagger", "vatstaggergroup", "vatquarter", "vatquarters"] },
  usEntity: { headings: ["usentity", "entitytype", "irsentity"] },
  neverChase: { headings: ["neverchase", "neverremind", "donotchase"] },
  paused: { headings: ["paused", "onhold"] },
} as const satisfies Record<string, Field>; // prettier-ignore

const bankFields = {
  date: {
    required: true,
    headings: [
      "date", "bookingdate", "transactiondate", "posteddate", "postingdate", "valuedate", "buchungstag", "buchungsdatum",
      "valuta", "datum", "dateoperation", "datecomptable", "fecha", "fechaoperacion", "data", "dataoperazione", "datacontabile",
      "boekdatum", "dataksiegowania",
    ],
  },
  amount: {
    headings: ["amount", "sum", "betrag", "umsatz", "montant", "importe", "importo", "bedrag", "kwota", "valor"],
  },
  credit: {
    headings: [
      "credit", "creditamount", "paidin", "moneyin", "deposit", "deposits", "haben", "gutschrift", "abono", "haber", "entrate",
      "accrediti", "bij", "uznania",
    ],
  },
  debit: {
    headings: [
      "debit", "debitamount", "paidout", "moneyout", "withdrawal", "withdrawals", "soll", "lastschrift", "cargo", "debe",
      "uscite", "addebiti", "af", "obciazenia",
    ],
  },
  currency: { headings: ["currency", "currencycode", "wahrung", "devise", "divisa", "moneda", "valutacode", "munt", "waluta"] },
  payer: {
    headings: [
      "payer", "payername", "counterparty", "counterpartyname", "name", "merchant", "auftraggeber", "auftraggeberbegunstigter",
      "zahlungspflichtiger", "beguenstigterzahlungspflichtiger", "begunstigterzahlungspflichtiger", "emetteur", "tiers",
      "ordenante", "ordinante", "naam", "naamtegenpartij", "nadawca",
    ],
  },
  reference: {
    headings: [
      "reference", "description", "details", "narrative", "memo", "transactiondetails", "paymentreference", "verwendungszweck",
      "buchungstext", "libelle", "motif", "concepto", "descripcion", "causale", "descrizione", "omschrijving", "tytul",
    ],
  },
} as const satisfies Record<string, Field>; // prettier-ignore

export type ClientField = keyof typeof clientFields;
export type BankField = keyof typeof bankFields;

/** Every field that a file of each kind can fill. */
const fieldsOf: Readonly<Record<ImportKind, Readonly<Record<string, Field>>>> = {
  clients: clientFields,
  bank: bankFields,
};

export const fieldNames = {
  clients: Object.keys(clientFields) as ClientField[],
  bank: Object.keys(bankFields) as BankField[],
} as const satisfies Record<ImportKind, readonly string[]>;

/** What a mapping of bank lines says beside its columns. */
const options: ReadonlySet<string> = new Set(["dateOrder", "decimal", "usualCurrency"]);

/** Which cell of a row is which field. */
export interface Columns {
  readonly mapping: ColumnMapping;
  readonly places: ReadonlyMap<string, number>;
  /** The headings that mean nothing to us. */
  readonly unused: readonly string[];
  readonly count: number;
}

/**
 * Find the columns of a file: where `given` says, else by what its headings usually mean in English, German, French, Spanish,
 * Italian, Dutch and Polish. Throws `validation_failed` naming each field that has to be there and is not.
 */
export function findColumns(kind: ImportKind, headings: readonly string[], given?: ColumnMapping): Columns {
  const known = headings.map(folded);
  const hasColumns = Object.keys(given ?? {}).some((field) => !options.has(field));
  const mapping = hasColumns ? (given ?? {}) : { ...guess(kind, headings), ...given };
  const places = new Map<string, number>();
  const issues: { field: string; message: string }[] = [];
  for (const [field, heading] of Object.entries(mapping)) {
    if (options.has(field)) continue;
    const at = headings.findIndex((one) => one.trim() === heading.trim());
    const place = at === -1 ? known.indexOf(folded(heading)) : at;
    if (place === -1) issues.push({ field: `mapping.${field}`, message: `there is no column ${quoted(heading)}` });
    else places.set(field, place);
  }
  issues.push(...missing(kind, mapping));
  if (issues.length > 0) {
    const there = headings.slice(0, 30).map(quoted).join(", ");
    const told = issues.map(({ field, message }) => `${field.replace("mapping.", "")}: ${message}`).join("; ");
    throw new AppError("validation_failed", `${told}. The file has the columns ${there}`.slice(0, 500), { issues });
  }
  const used = new Set(places.values());
  return {
    mapping: Object.fromEntries(
      Object.entries(mapping).map(([field, value]) => [field, (headings[places.get(field) ?? -1] ?? value).trim()]),
    ),
    places,
    unused: headings.filter((_, place) => !used.has(place)).map((heading) => heading.trim()),
    count: headings.length,
  };
}

function guess(kind: ImportKind, headings: readonly string[]): ColumnMapping {
  const free = new Map(headings.map((heading) => [folded(heading), heading.trim()]));
  const found: Record<string, string> = {};
  for (const [field, { headings: words }] of Object.entries(fieldsOf[kind])) {
    const word = words.find((one) => free.has(one));
    if (word === undefined) continue;
    found[field] = free.get(word) ?? "";
    free.delete(word);
  }
  return found;
}

function missing(kind: ImportKind, mapping: ColumnMapping): { field: string; message: string }[] {
  const lacks = (field: string) => mapping[field] === undefined;
  const needed = Object.entries(fieldsOf[kind]).filter(([field, { required }]) => required && lacks(field));
  const found = needed.map(([field]) => ({ field: `mapping.${field}`, message: "no column is named as it" }));
  if (kind === "bank" && lacks("amount") && lacks("credit"))
    found.push({ field: "mapping.amount", message: "there is neither a column of amounts nor one of credits" });
  return found;
}

/** As words are compared: without marks, case, blanks and signs. */
export function folded(text: string): string {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, "");
}

const quoted = (text: string) => JSON.stringify(text.trim().slice(0, 60));
