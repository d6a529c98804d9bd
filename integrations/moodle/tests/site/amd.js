/* Moodle's loader of modules and its core/ajax, as far as the plugin's script uses them. */
(() => {
  const known = new Map();
  known.set('core/ajax', {
    // Moodle's own order: requests, whether they are asked for in the background, whether a login is needed, whether the session is left as it is.
    call: (requests, async = true, loginrequired = true, nosessionupdate = false) => requests.map(async ({methodname, args}) => {
      const query = new URLSearchParams({sesskey: M.cfg.sesskey, info: methodname, ...(nosessionupdate ? {nosessionupdate: 'true'} : {})});
      const response = await fetch(`/lib/ajax/service.php?${query}`, {method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify([{index: 0, methodname, args}])});
      const [answer] = await response.json();
      if (answer.error) throw Object.assign(new Error(answer.exception.message), answer.exception);
      return answer.data;
    }),
  });
  window.define = (name, dependencies, factory) => {
    const made = {};
    factory(...dependencies.map((one) => (one === 'exports' ? made : window.require(one))));
    known.set(name, made);
  };
  window.require = (name) => {
    if (!known.has(name)) throw new Error(`no module ${name}`);
    return known.get(name);
  };
})();
