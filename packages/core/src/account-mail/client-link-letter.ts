import { markLink, plainText } from "../templates/merged-text.ts";
import type { Letter } from "./letters.ts";

/** What the letter says, by language: its subject, and the text around the link. */
const words: Readonly<Record<string, (business: string) => readonly [subject: string, before: string, after: string]>> =
  {
    en: (business) => [
      `Your new link from ${business}`,
      `Here is the new link to your page with ${business}:`,
      "You get this message because somebody asked for it with your former link. If it was not you, you need do nothing.",
    ],
    de: (business) => [
      `Ihr neuer Link von ${business}`,
      `Hier ist der neue Link zu Ihrer Seite bei ${business}:`,
      "Sie erhalten diese Nachricht, weil jemand mit Ihrem früheren Link darum gebeten hat. Waren Sie es nicht, brauchen Sie nichts zu tun.",
    ],
    fr: (business) => [
      `Votre nouveau lien de ${business}`,
      `Voici le nouveau lien vers votre page chez ${business} :`,
      "Vous recevez ce message parce que quelqu’un l’a demandé avec votre ancien lien. Si ce n’était pas vous, vous n’avez rien à faire.",
    ],
    es: (business) => [
      `Su nuevo enlace de ${business}`,
      `Este es el nuevo enlace a su página con ${business}:`,
      "Recibe este mensaje porque alguien lo pidió con su enlace anterior. Si no fue usted, no tiene que hacer nada.",
    ],
    pt: (business) => [
      `A sua nova ligação de ${business}`,
      `Aqui está a nova ligação para a sua página em ${business}:`,
      "Recebe esta mensagem porque alguém a pediu com a sua ligação anterior. Se não foi você, não precisa de fazer nada.",
    ],
    it: (business) => [
      `Il suo nuovo link da ${business}`,
      `Ecco il nuovo link alla sua pagina presso ${business}:`,
      "Riceve questo messaggio perché qualcuno lo ha chiesto con il suo link precedente. Se non è stato lei, non deve fare nulla.",
    ],
    nl: (business) => [
      `Uw nieuwe link van ${business}`,
      `Hier is de nieuwe link naar uw pagina bij ${business}:`,
      "U krijgt dit bericht omdat iemand er met uw vorige link om vroeg. Was u dat niet, dan hoeft u niets te doen.",
    ],
  };

/** The letter that brings a client a new link, in their language where we have it, else in English. */
export function clientLinkLetter(
  link: string,
  { businessName, locale }: { readonly businessName: string; readonly locale: string },
): Letter {
  const name = plainText(businessName);
  const { language } = new Intl.Locale(locale);
  const known = Object.hasOwn(words, language) ? language : "en";
  const [subject = "", before = "", after = ""] = words[known]?.(name) ?? [];
  return { subject, text: `${before}\n\n${markLink(link)}\n\n${after}`, from: { name, locale: known } };
}
