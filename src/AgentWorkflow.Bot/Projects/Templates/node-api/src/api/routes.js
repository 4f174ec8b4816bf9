/**
 * The routes of a resource.
 * @param {import('./resource.js').Resource} resource
 * @returns {import('../http/router.js').Route[]}
 */
export function routesOf(resource) {
  const list = `/${resource.name}`;
  const one = `${list}/{id}`;
  return [
    ['GET', list, resource.list],
    ['POST', list, resource.create],
    ['GET', one, resource.get],
    ['PUT', one, resource.update],
    ['DELETE', one, resource.remove],
  ];
}
