"""What docker/ has for several machines fits together. There is neither a cluster nor Docker: this reads the files."""

import unittest
from pathlib import Path

import yaml

from .harness import run_binary

DOCKER = Path(__file__).resolve().parents[2] / 'docker'
PORT = 4347


def load(path):
    return [document for document in yaml.safe_load_all(path.read_text()) if document]


def resources(folder):
    """All that a kustomization is made of, its bases included."""
    kustomization, = load(folder / 'kustomization.yaml')
    found = []
    for name in kustomization['resources']:
        path = (folder / name).resolve()
        found += resources(path) if path.is_dir() else load(path)
    return found


ALL = resources(DOCKER / 'kubernetes')


def named(kind, name):
    found, = [each for each in ALL if (each['kind'], each['metadata']['name']) == (kind, name)]
    return found


def of(kind):
    return [each for each in ALL if each['kind'] == kind]


def pod(deployment):
    return deployment['spec']['template']


def container(deployment):
    only, = pod(deployment)['spec']['containers']
    return only


def problems(env):
    """What the server says about settings in its environment; the file of keys is not there."""
    done = run_binary('--check-config', environment={**env, 'TTSAVE_API_KEYS_FILE': ''})
    return done.stderr if done.returncode else None


class Kubernetes(unittest.TestCase):

    def assert_selects_one(self, selector):
        """The name of the Deployment whose pods have all these labels."""
        found = [each for each in of('Deployment')
                 if selector.items() <= pod(each)['metadata']['labels'].items()]
        self.assertEqual(len(found), 1, selector)
        return found[0]

    def test_no_file_is_left_out(self):
        for folder in ('kubernetes', 'balancer'):
            kustomization, = load(DOCKER / folder / 'kustomization.yaml')
            files = {path.name for path in (DOCKER / folder).glob('*.yaml')} - {'kustomization.yaml'}
            self.assertEqual(files, {name for name in kustomization['resources'] if not name.startswith('..')})
            for generator in kustomization.get('configMapGenerator', ()):
                for name in generator['files']:
                    self.assertTrue((DOCKER / folder / name).is_file(), name)

    def test_selectors_select(self):
        for each in of('Deployment'):
            self.assertIs(self.assert_selects_one(each['spec']['selector']['matchLabels']), each)
            for spread in pod(each)['spec']['topologySpreadConstraints']:
                self.assertIs(self.assert_selects_one(spread['labelSelector']['matchLabels']), each)
        for each in of('Service'):
            self.assert_selects_one(each['spec']['selector'])
        for each in of('PodDisruptionBudget'):
            self.assert_selects_one(each['spec']['selector']['matchLabels'])
        for each in of('NetworkPolicy'):
            self.assert_selects_one(each['spec']['podSelector']['matchLabels'])
        self.assertEqual(len(of('NetworkPolicy')), len(of('Deployment')))

    def test_ports_and_probes(self):
        for each in of('Deployment'):
            port, = container(each)['ports']
            self.assertEqual((port['name'], port['containerPort']), ('http', PORT))
        for each in of('Service'):
            port, = each['spec']['ports']
            self.assertEqual(port['targetPort'], 'http')
        server = container(named('Deployment', 'ttsave-servers'))
        probes = {name: server[name]['httpGet'] for name in ('startupProbe', 'livenessProbe', 'readinessProbe')}
        self.assertEqual(probes, {'startupProbe': {'path': '/healthz', 'port': 'http'},
                                  'livenessProbe': {'path': '/healthz', 'port': 'http'},
                                  'readinessProbe': {'path': '/readyz', 'port': 'http'}})

    def test_the_balancer_follows_the_servers(self):
        service = named('Service', 'ttsave-servers')
        self.assertEqual(service['spec']['clusterIP'], 'None')
        name, port, configuration, folder = container(named('Deployment', 'ttsave-balancer'))['args']
        self.assertEqual((name, int(port)), (service['metadata']['name'], service['spec']['ports'][0]['port']))
        mounts = {mount['mountPath'] for mount in container(named('Deployment', 'ttsave-balancer'))['volumeMounts']}
        self.assertEqual({str(Path(configuration).parent), folder}, mounts)

    def test_pods_are_restricted(self):
        for each in of('Deployment'):
            spec, only = pod(each)['spec'], container(each)
            self.assertTrue(spec['securityContext']['runAsNonRoot'])
            self.assertEqual(spec['securityContext']['seccompProfile'], {'type': 'RuntimeDefault'})
            self.assertFalse(spec['automountServiceAccountToken'])
            self.assertEqual(only['securityContext'], {'allowPrivilegeEscalation': False,
                                                       'readOnlyRootFilesystem': True,
                                                       'capabilities': {'drop': ['ALL']}})
            self.assertIn('memory', only['resources']['limits'])
            self.assertEqual({mount['name'] for mount in only['volumeMounts']},
                             {volume['name'] for volume in spec['volumes']})

    def test_ending_takes_less_than_is_given(self):
        grace_s = 30  # shutdown_grace_s, which is not set otherwise
        for each in of('Deployment'):
            seconds = int(container(each)['lifecycle']['preStop']['exec']['command'][1])
            self.assertGreaterEqual(pod(each)['spec']['terminationGracePeriodSeconds'], seconds + grace_s + 10)

    def test_the_autoscaler(self):
        scaler = named('HorizontalPodAutoscaler', 'ttsave-servers')
        target = scaler['spec']['scaleTargetRef']
        self.assertNotIn('replicas', named(target['kind'], target['name'])['spec'])
        self.assertEqual(scaler['spec']['metrics'][0]['pods']['metric']['name'], 'ttsave_resolve_queue_length')
        self.assertIn("ttsave_resolve_queue_length", (DOCKER / 'kubernetes' / 'README.md').read_text())

    def test_servers_reach_only_the_web(self):
        egress = named('NetworkPolicy', 'ttsave-servers')['spec']['egress']
        reached = {port['port']: rule.get('to') for rule in egress for port in rule['ports']}
        self.assertEqual(set(reached), {53, 443})
        self.assertIn('169.254.0.0/16', reached[443][0]['ipBlock']['except'])

    def test_settings_are_settings(self):
        env = {entry['name']: entry['value'] for entry in container(named('Deployment', 'ttsave-servers'))['env']}
        self.assertIsNone(problems(env))
        size = int(env['TTSAVE_CACHE_MAX_BYTES']) + int(env['TTSAVE_MAX_SPOOL_BYTES'])
        limits = [volume['emptyDir']['sizeLimit'] for volume in
                  pod(named('Deployment', 'ttsave-servers'))['spec']['volumes'] if volume['name'] == 'cache']
        self.assertGreater(int(limits[0].removesuffix('Gi')) << 30, size)


class Compose(unittest.TestCase):

    services = load(DOCKER / 'compose.scale.yml')[0]['services']

    def test_the_balancer_follows_the_servers(self):
        script, name, port, configuration, folder = self.services['balancer']['entrypoint']
        self.assertEqual((name, int(port)), ('ttsave', PORT))
        self.assertIn(name, self.services)
        for path in (script, configuration):
            self.assertTrue((DOCKER / 'balancer' / Path(path).relative_to('/balancer')).is_file())
        self.assertTrue(self.services['balancer']['tmpfs'][0].startswith(folder + ':'))

    def test_each_server_has_its_own_cache(self):
        self.assertIn('/var/cache/ttsave', self.services['ttsave']['volumes'])

    def test_settings_are_settings(self):
        self.assertIsNone(problems(self.services['ttsave']['environment']))
