const list = (text: string): readonly string[] => text.trim().split(/\s+/);

/**
 * What long passwords are mostly made of: words and whole phrases that top the published counts of leaked passwords,
 * without spaces, in lower case. Compact on purpose: what is left of a password without them is what counts, so
 * `Password2026!` needs no entry of its own.
 */
export const weakWords: readonly string[] = list(`
  password passwort passwd passphrase motdepasse contrasena parola wachtwoord haslo senha
  letmein welcome admin administrator root login signin guest user username default changeme changeit secret
  qwerty qwertz azerty master computer internet access system server security trustno1 whatever nothing
  iloveyou ilove loveyou lovely sweetheart sunshine princess prince angel baby honey sugar cookie chocolate
  butterfly flower summer winter spring autumn monday tuesday wednesday thursday friday saturday sunday
  january february march april june july august september october november december
  football baseball basketball soccer hockey liverpool arsenal chelsea barcelona realmadrid manchesterunited
  monkey dragon tiger eagle mustang ferrari mercedes porsche harley yamaha
  superman batman spiderman ironman starwars pokemon naruto minecraft fortnite harrypotter hogwarts gandalf
  michael jordan michelle jennifer jessica ashley amanda daniel thomas robert charlie andrew matthew joshua
  shadow killer hunter hello hellohello test testing example sample freedom forever friends family blessed
  jesus jesuschrist christ heaven godisgood godislove
  google facebook instagram youtube amazon microsoft windows samsung iphone android apple
  london england america canada australia newyork california
  correcthorsebatterystaple thequickbrownfox jumpsoverthelazydog tobeornottobe maytheforcebewithyou
  iloveyousomuch iloveyouforever iloveyoubaby iloveyoumom ilovemyfamily ilovemymom mybestfriend
  mypassword yourpassword newpassword oldpassword thisismypassword passwordispassword ihatepasswords
  imnotgoingtotell donttellanyone whatismypassword forgotpassword nopassword letmeinplease opensesame
  onetwothree fourfive onceuponatime neversaynever livelaughlove hakunamatata supercalifragilisticexpialidocious
`);

/** Rows in which fingers or minds run, forwards or backwards. */
export const rows: readonly string[] = list(`
  abcdefghijklmnopqrstuvwxyz 01234567890 qwertyuiop qwertzuiop azertyuiop asdfghjkl qsdfghjklm zxcvbnm yxcvbnm wxcvbn
  1q2w3e4r5t6y7u8i9o0p 1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p qazwsxedcrfvtgbyhnujmikolp 147258369 159357 !@#$%^&*()
`);
