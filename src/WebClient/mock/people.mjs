// Who works at Noorderlicht, the company of the mocks. Seeded, so that pictures can be compared.
let seed = 7;
export const random = () => {
  seed = (seed * 1103515245 + 12345) % 2147483648;
  return seed / 2147483648;
};
const pick = (list) => list[Math.floor(random() * list.length)];

const known = [
  ['602', 'Lotte Vermeulen', 'Customer service', 'ringing', 6],
  ['604', 'Yassine El Amrani', 'Customer service', 'on_call', 252],
  ['623', 'Anke de Wit', 'Planning', 'available', 900],
  ['618', 'Thibault Lefèvre', 'Accounts', 'do_not_disturb', 4200],
  ['648', 'Bram Hoekstra', 'Transport', 'available', 300],
  ['627', 'Camille Dubois', 'Sales France', 'available', 86],
  ['652', 'Charlotte Wouters', 'Human resources', 'offline', 5400],
  ['611', 'Eva De Smet', 'Customer service', 'available', 3600],
  ['644', 'Inès Moreau', 'Sales France', 'on_call', 48],
  ['655', 'Jean-Baptiste Van Cauwenberghe', 'Management', 'do_not_disturb', 700],
  ['640', 'Maarten Claes', 'IT support', 'available', 10],
  ['635', 'Noor van den Berg', 'Planning', 'on_call', 760],
  ['631', 'Pieter Janssens', 'Warehouse Antwerp', 'available', 40],
  ['607', 'Rachid Benali', 'Customer service', 'available', 2],
  ['659', 'Sanne Kuipers', 'Transport', 'offline', 90000],
  ['633', 'Tom Verbruggen', 'Warehouse Antwerp', 'available', 5],
];
const first =
  'Ahmed Alice Annelies Arno Bart Céline Chloé Daan Dries Elif Elke Emma Fatima Femke Gauthier Hannah Hugo Ilse Jasper Jelle Joke Julie Karim Koen Laure Lars Léa Lieve Lucas Manon Margaux Mehmet Nele Noah Olivier Pauline Quentin Ruben Sofie Stijn Thomas Valérie Wout Youssef Zoë'.split(
    ' ',
  );
const last =
  'Aerts,Bakker,Bogaert,Claessens,Cools,De Backer,De Clercq,De Vos,Desmet,Dupont,Goossens,Hermans,Jacobs,Lambert,Leclercq,Maes,Martens,Mertens,Michiels,Peeters,Renard,Smets,Van Damme,Van den Bossche,Vandenberghe,Verhaeghe,Willems,Wouters'.split(
    ',',
  );
const departments = [
  'Customer service',
  'Planning',
  'Accounts',
  'Transport',
  'Sales France',
  'Warehouse Antwerp',
  'IT support',
  'Human resources',
  'Management',
];

export function people(count) {
  const list = known
    .slice(0, count)
    .map(([extension, displayName, department, status, seconds]) => make(extension, displayName, department, status, seconds));
  for (let i = 0; list.length < count; i++) {
    const status = pick(['available', 'available', 'available', 'offline', 'offline', 'on_call', 'do_not_disturb']);
    list.push(make(String(700 + i), `${pick(first)} ${pick(last)}`, pick(departments), status, Math.floor(random() * 4000)));
  }
  return list;
}

function make(extension, displayName, department, status, seconds) {
  const email = `${displayName
    .normalize('NFD')
    .replace(/[^a-zA-Z ]/g, '')
    .toLowerCase()
    .replaceAll(' ', '.')}@noorderlicht.example`;
  const since = new Date(Date.now() - seconds * 1000).toISOString();
  return { extension, displayName, department, email, status, since, onlineDevices: status === 'offline' ? 0 : 1, devices: 1 };
}
