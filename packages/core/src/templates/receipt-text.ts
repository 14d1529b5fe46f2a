import type { Text } from "../reminders/step-messages.ts";

interface Words {
  readonly subject: string;
  readonly greeting: string;
  readonly thanks: string;
  readonly balance: string;
  readonly settled: string;
}

const AMOUNT = "{{ payment.amount }}";
const BALANCE = "{{ payment.balance }}";
const WHAT = "{{ payment.purpose }}";
const NAME = "{{ contact.name }}";

const english: Words = {
  subject: `Thank you for your payment of ${AMOUNT}`,
  greeting: `Dear ${NAME},`,
  thanks: `thank you: we have received your payment of ${AMOUNT} for ${WHAT}.`,
  balance: `${BALANCE} is still to be paid.`,
  settled: "Nothing more is owed for it.",
};

/** What thanks for a payment, by language. */
const words: Readonly<Record<string, Words>> = {
  en: english,
  de: {
    subject: `Vielen Dank für Ihre Zahlung von ${AMOUNT}`,
    greeting: `Guten Tag ${NAME},`,
    thanks: `vielen Dank: Ihre Zahlung von ${AMOUNT} für ${WHAT} ist bei uns eingegangen.`,
    balance: `Offen sind noch ${BALANCE}.`,
    settled: "Damit ist alles bezahlt.",
  },
  fr: {
    subject: `Merci pour votre paiement de ${AMOUNT}`,
    greeting: `Bonjour ${NAME},`,
    thanks: `merci : nous avons bien reçu votre paiement de ${AMOUNT} pour ${WHAT}.`,
    balance: `Il reste ${BALANCE} à payer.`,
    settled: "Il ne reste plus rien à payer.",
  },
  es: {
    subject: `Gracias por su pago de ${AMOUNT}`,
    greeting: `Hola, ${NAME}:`,
    thanks: `gracias: hemos recibido su pago de ${AMOUNT} por ${WHAT}.`,
    balance: `Quedan ${BALANCE} por pagar.`,
    settled: "No queda nada por pagar.",
  },
  pt: {
    subject: `Obrigado pelo seu pagamento de ${AMOUNT}`,
    greeting: `Olá ${NAME},`,
    thanks: `obrigado: recebemos o seu pagamento de ${AMOUNT} por ${WHAT}.`,
    balance: `Falta ainda pagar ${BALANCE}.`,
    settled: "Não falta pagar mais nada.",
  },
  it: {
    subject: `Grazie per il suo pagamento di ${AMOUNT}`,
    greeting: `Buongiorno ${NAME},`,
    thanks: `grazie: abbiamo ricevuto il suo pagamento di ${AMOUNT} per ${WHAT}.`,
    balance: `Restano da pagare ${BALANCE}.`,
    settled: "Non resta nulla da pagare.",
  },
  nl: {
    subject: `Bedankt voor uw betaling van ${AMOUNT}`,
    greeting: `Beste ${NAME},`,
    thanks: `bedankt: we hebben uw betaling van ${AMOUNT} voor ${WHAT} ontvangen.`,
    balance: `Er staat nog ${BALANCE} open.`,
    settled: "Er staat niets meer open.",
  },
};

/** The text that thanks for a payment, and the tag to write its amounts by: the reader's where we have their language, else English. */
export function receiptText(locale: string): { readonly text: Text; readonly locale: string } {
  const known = words[new Intl.Locale(locale).language];
  const { subject, greeting, thanks, balance, settled } = known ?? english;
  const rest = `{% if payment.balance %}${balance}{% else %}${settled}{% endif %}`;
  const body = [greeting, thanks, rest, "{{ business.name }}"].join("\n\n");
  return { text: { subject, body }, locale: known ? locale : "en-GB" };
}
